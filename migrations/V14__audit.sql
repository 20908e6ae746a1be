-- The audit log, a projection that follows the events by itself, and what it needs to follow: which spaces have gone on, and
-- how far each projection is in each space. See docs/decisions/0024-the-audit-log.md.

-- A space that a projection has something to read in. Written by an append that finds no such row, taken away by the
-- projection when it has read on; the append's own position keeps the two out of each other's way. A busy, small table.
create table behind (
    space_id   uuid   not null,
    projection text   not null,
    position   bigint not null,
    primary key (space_id, projection, position)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Up to where a projection has read a space's log, and by which version of its fold its rows were made. `clearing`: those
-- rows are on their way out, and it begins again.
create table checkpoints (
    space_id     uuid    not null,
    projection   text    not null,
    position     bigint  not null default 0 check (position >= 0),
    fold_version integer not null,
    clearing     boolean not null default false,
    primary key (space_id, projection)
) with (fillfactor = 50);
-- What another version of the fold made is found without reading the rest.
create index checkpoints_fold on checkpoints (projection, fold_version, space_id);

-- One row for each field that an event changed, or for the event when it is not about fields (`field` is empty then and
-- `after` is what the event says). Moments are Unix milliseconds.
create table audit_log (
    space_id       uuid   not null,
    position       bigint not null,
    field          text   collate "C" not null,
    recorded_at    bigint not null,
    at             bigint not null,
    transaction_id uuid   not null,
    entity         text   not null,
    entity_id      uuid   not null,
    version        bigint not null,
    event          text   not null,
    -- Not called account_id: an erasure of who acted would take rows of another's space.
    actor_id       uuid,
    role           text   not null,
    device_id      uuid   not null,
    session_id     uuid,
    network        text,
    cause          bigint,
    before         jsonb,
    after          jsonb,
    -- What was sent, where it did not come to stand.
    written        jsonb,
    primary key (space_id, position, field)
);
create index audit_log_space on audit_log (space_id, recorded_at);
create index audit_log_time on audit_log (recorded_at, space_id, position, field);
create index audit_log_entity on audit_log (entity_id, recorded_at);
create index audit_log_transaction on audit_log (transaction_id);
create index audit_log_device on audit_log (device_id, recorded_at);
create index audit_log_session on audit_log (session_id, recorded_at);
create index audit_log_cause on audit_log (space_id, cause) where cause is not null;

-- Logs that are there already are read from their beginning.
insert into behind (space_id, projection, position)
select space_id, 'audit_log', position
from heads
where position > 0;
