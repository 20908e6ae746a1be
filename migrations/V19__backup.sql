-- Backups that were made or tried: when, what came of it. What a backup holds stands in its own folder; these rows are for
-- people who ask from afar.
create table backups (
    backup_id uuid   primary key,
    -- The name of its folder; null until it is whole.
    name      text,
    -- `schedule`, `admin` or `command`.
    cause     text   not null check (cause in ('schedule', 'admin', 'command')),
    began_at  bigint not null,
    ended_at  bigint,
    spaces    bigint,
    events    bigint,
    bytes     bigint,
    -- Why there is none; null when there is.
    fault     text,
    check (name is null or ended_at is not null)
);
create index backups_began on backups (began_at desc);
create index backups_whole on backups (began_at desc) where name is not null;

-- Whose turn it is to make backups by itself: one node at a time, until a moment that it moves on while it works.
create table backup_lease (
    only_row boolean primary key default true check (only_row),
    holder   uuid,
    until    bigint  not null default 0
) with (fillfactor = 50);
insert into backup_lease default values;

-- The restore that has not ended: a database with this row is served by nobody.
create table restores (
    only_row boolean primary key default true check (only_row),
    -- The backup, and what its manifest hashes to.
    name     text    not null,
    sha256   text    not null,
    -- The life of the logs in it, which another one follows.
    epoch    uuid    not null,
    began_at bigint  not null
);
