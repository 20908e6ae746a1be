-- Rebuilds of the projections, while they run and after, and with which fold each projection was built.

-- One row a rebuild; it runs when its state says so and the session that holds it lives. `space_id` is null when it is of all
-- spaces. Spaces up to `planned_upto` have been taken up, in the order of their ids. Moments are ms since the Unix epoch.
create table rebuilds (
    rebuild_id       uuid    primary key,
    space_id         uuid,
    projections      text[]  not null,
    fold_versions    bigint[] not null,
    check_only       boolean not null,
    workers          integer not null check (workers > 0),
    cause            text    not null check (cause in ('asked', 'fold')),
    state            text    not null check (state in ('running', 'paused', 'cancelling', 'cancelled', 'finished')),
    reason           text,
    began_at         bigint  not null,
    changed_at       bigint  not null,
    ended_at         bigint,
    planned_upto     uuid,
    planned          boolean not null default false,
    spaces_total     bigint  not null,
    events_total     bigint  not null,
    spaces           bigint  not null default 0,
    events           bigint  not null default 0,
    rows             bigint  not null default 0,
    differences      bigint  not null default 0,
    spaces_differing bigint  not null default 0,
    spaces_damaged   bigint  not null default 0,
    events_per_s     bigint  not null default 0,
    holder_pid       integer,
    holder_start     timestamptz
) with (fillfactor = 50);
-- One at a time.
create unique index rebuilds_open on rebuilds ((true)) where state in ('running', 'paused', 'cancelling');

-- The spaces that a rebuild has taken up and not done. A session that has ended holds none; those with a damaged log stay.
create table rebuild_spaces (
    rebuild_id    uuid    not null references rebuilds on delete cascade,
    space_id      uuid    not null,
    damaged       boolean not null default false,
    events        bigint  not null default 0,
    rows          bigint  not null default 0,
    differences   bigint  not null default 0,
    worker_pid    integer,
    worker_start  timestamptz,
    primary key (rebuild_id, space_id)
) with (fillfactor = 70);

-- What differed, without what it said; at most so many of one rebuild.
create table rebuild_differences (
    rebuild_id uuid   not null references rebuilds on delete cascade,
    space_id   uuid   not null,
    table_name text   not null,
    key        text   not null,
    how        text   not null check (how in ('missing', 'surplus', 'columns')),
    columns    text[] not null,
    primary key (rebuild_id, space_id, table_name, key)
);

-- With which version of its fold each projection was built, in every space that `space_folds` does not name. `wanted` is the
-- newest that any program has had.
create table projection_folds (
    projection   text   primary key,
    fold_version bigint not null,
    wanted       bigint not null
);
insert into projection_folds (projection, fold_version, wanted)
values ('conflicts', 1, 1), ('days', 1, 1), ('goals', 1, 1), ('heroes', 1, 1), ('milestones', 1, 1), ('skills', 1, 1),
    ('tasks', 1, 1);
-- Where there are logs already, the activity of them was never built.
insert into projection_folds (projection, fold_version, wanted)
select 'activity', 1, 1 where not exists (select from heads);

-- Spaces with other versions: those that are rebuilt already while the rest is not, and those that could not be.
create table space_folds (
    space_id uuid  primary key,
    folds    jsonb not null
);

-- Who rebuilt was kept here.
drop table if exists rebuild.running;
