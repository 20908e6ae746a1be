-- The event store: one log per space. See docs/ARCHITECTURE.md, "The log".

-- The life of this database. A restored backup gets a new one, so that cursors of the lost future are noticed.
CREATE TABLE system (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch    uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO system DEFAULT VALUES;

-- One row per space: the counter, the version and, at the write, the lock. Updated in place (HOT): no index beside the key.
CREATE TABLE heads (
    space_id      uuid PRIMARY KEY,
    epoch         uuid NOT NULL,
    position      bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    hash          bytea NOT NULL CHECK (length(hash) = 32),
    legacy_next   bigint NOT NULL DEFAULT 1,
    live_entities bigint NOT NULL DEFAULT 0 CHECK (live_entities >= 0),
    checksum      bigint NOT NULL DEFAULT 0,
    recorded_at   bigint NOT NULL DEFAULT 0,
    repairs       bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- Moments are Unix milliseconds. Positions are dense within a space. `fields` is what readers of the feed were told.
CREATE TABLE events (
    space_id       uuid NOT NULL,
    position       bigint NOT NULL CHECK (position > 0),
    transaction_id uuid NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id   uuid NOT NULL,
    sequence       bigint NOT NULL CHECK (sequence > 0),
    event_type     text NOT NULL,
    event_version  text NOT NULL,
    payload        jsonb NOT NULL,
    metadata       jsonb NOT NULL,
    fields         jsonb NOT NULL,
    device_id      uuid NOT NULL,
    recorded_at    bigint NOT NULL,
    payload_hash   bytea NOT NULL,
    hash           bytea NOT NULL,
    redacted_at    bigint,
    CONSTRAINT events_position PRIMARY KEY (space_id, position),
    CONSTRAINT events_sequence UNIQUE (space_id, aggregate_type, aggregate_id, sequence)
);

-- The answer to each transaction, committed or rejected; written in the commit of its events.
CREATE TABLE receipts (
    space_id       uuid NOT NULL,
    transaction_id uuid NOT NULL,
    device_id      uuid NOT NULL,
    digest         bytea NOT NULL,
    status         text NOT NULL CHECK (status IN ('committed', 'rejected')),
    first_position bigint,
    last_position  bigint,
    body           jsonb,
    decided_at     bigint NOT NULL,
    CONSTRAINT receipts_transaction PRIMARY KEY (space_id, transaction_id)
);

-- The version vector of a space.
CREATE TABLE space_devices (
    space_id       uuid NOT NULL,
    device_id      uuid NOT NULL,
    last_seq       bigint,
    last_ms        bigint,
    last_counter   bigint,
    acked_position bigint,
    PRIMARY KEY (space_id, device_id)
) WITH (fillfactor = 50);
