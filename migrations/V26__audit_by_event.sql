-- The audit log has a row for each event instead of one for each field, and half as many indexes: see
-- docs/decisions/0024-the-audit-log.md. Nothing is carried over: every space is read again from its log, by the version of the
-- fold, while the servers serve.
SET LOCAL lock_timeout = '10s';
DROP TABLE audit_log;

-- One row for each event, with a line for each field that it changed, or one for the event when it is not about fields (`field`
-- is empty then, and `after` is what the event says). Moments are Unix milliseconds. Rows come in order and are never changed.
CREATE TABLE audit_log (
    space_id       uuid   NOT NULL,
    recorded_at    bigint NOT NULL,
    position       bigint NOT NULL,
    at             bigint NOT NULL,
    transaction_id uuid   NOT NULL,
    entity_id      uuid   NOT NULL,
    version        bigint NOT NULL,
    device_id      uuid   NOT NULL,
    session_id     uuid,
    -- Not called account_id: an erasure of who acted would take rows of another's space.
    actor_id       uuid,
    cause          bigint,
    entity         text   NOT NULL,
    event          text   NOT NULL,
    role           text   NOT NULL,
    network        text,
    -- [{field, before, after, written}]; what is nothing is not there.
    lines          jsonb  NOT NULL,
    PRIMARY KEY (space_id, recorded_at, position)
);
-- A search in everything, the newest first. The condition holds for every row: a search that names a space does not say it, so that
-- no plan walks everybody's rows for it.
CREATE INDEX audit_log_time ON audit_log (recorded_at) WHERE position > 0;
-- An id, which spaces have it, and when. Ids are chosen by clients, so that strangers may have the same: the space
-- comes before the time, and a search in one space looks at no other's rows.
CREATE INDEX audit_log_transaction ON audit_log (transaction_id, space_id, recorded_at);
CREATE INDEX audit_log_entity ON audit_log (entity_id, space_id, recorded_at);
CREATE INDEX audit_log_session ON audit_log (session_id, space_id, recorded_at);
CREATE INDEX audit_log_device ON audit_log (device_id, space_id, recorded_at);
