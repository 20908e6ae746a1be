-- What a log page shows: one row for each event that it shows, written in the commit of that event and folded from the
-- log again by a rebuild. Moments are Unix milliseconds; amounts are less than zero where something is taken back.

CREATE TABLE activity (
    space_id   uuid NOT NULL,
    position   bigint NOT NULL,
    at         bigint NOT NULL,
    day        date NOT NULL,
    action     text NOT NULL,
    entity     text NOT NULL,
    entity_id  uuid NOT NULL,
    title      text NOT NULL,
    category   text,
    difficulty text,
    skill_id   uuid,
    xp         bigint NOT NULL,
    balls      bigint NOT NULL,
    minutes    bigint NOT NULL,
    cycles     bigint NOT NULL,
    level      bigint,
    details    jsonb NOT NULL,
    PRIMARY KEY (space_id, position)
);
CREATE INDEX activity_day ON activity (space_id, day, position);

-- When devices synced and what came of it, as the nodes that answered them noted it. Nothing is decided by it: what became of
-- a transaction stands in its receipt.
CREATE TABLE sync_history (
    account_id    uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
    sync_id       uuid NOT NULL,
    device_id     uuid NOT NULL,
    channel       text NOT NULL,
    started_at    bigint NOT NULL,
    ended_at      bigint NOT NULL,
    requests      bigint NOT NULL,
    transactions  bigint NOT NULL,
    commands      bigint NOT NULL,
    applied       bigint NOT NULL,
    merged        bigint NOT NULL,
    superseded    bigint NOT NULL,
    unchanged     bigint NOT NULL,
    rejected      bigint NOT NULL,
    deferred      bigint NOT NULL,
    changes       bigint NOT NULL,
    snapshot_rows bigint NOT NULL,
    resets        bigint NOT NULL,
    busy_ms       bigint NOT NULL,
    errors        jsonb NOT NULL,
    PRIMARY KEY (account_id, sync_id)
);
CREATE INDEX sync_history_expired ON sync_history (ended_at);
