-- Nodes look for sessions that ended by the number of the transaction that wrote it, and no more by a clock, which may go back: see
-- `directory/revoked_since.sql`. Nodes of an older program still look by `revoked_at`, so that one and its index stay.
SET LOCAL lock_timeout = '10s';
ALTER TABLE revoked_sessions ADD COLUMN written_in bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX revoked_sessions_written ON revoked_sessions (written_in);
