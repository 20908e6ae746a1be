-- Verify: walks over the logs, how far each is, and what was found. Moments are Unix milliseconds.

-- A walk over one space, or over all. Spaces up to `reached` are handed out; with `handed_out` all are. One over all spaces
-- at a time, and one over the same space. What it counts is what is done; what a process is at stands in its stretch.
create table verify_runs (
    run_id       uuid    primary key,
    space_id     uuid,
    begun_by     text    not null check (begun_by in ('schedule', 'admin', 'operator')),
    begun_at     bigint  not null,
    ended_at     bigint,
    outcome      text    check (outcome in ('done', 'stopped')),
    reached      uuid    not null default '00000000-0000-0000-0000-000000000000',
    handed_out   boolean not null default false,
    spaces_total bigint  not null,
    events_total bigint  not null,
    spaces       bigint  not null default 0,
    events       bigint  not null default 0,
    rows         bigint  not null default 0,
    findings     bigint  not null default 0,
    check ((ended_at is null) = (outcome is null))
) with (fillfactor = 50);
create unique index verify_runs_under_way on verify_runs ((space_id is null))
    where ended_at is null and space_id is null;
create unique index verify_runs_of_space_under_way on verify_runs (space_id)
    where ended_at is null and space_id is not null;
create index verify_runs_of_space on verify_runs (space_id) where space_id is not null;
create index verify_runs_newest on verify_runs (begun_at, run_id);

-- Spaces behind `reached` and up to `upto`, which one session of PostgreSQL is at. A session that has ended holds nothing:
-- another takes its stretch over. `orphans`: the rows of spaces that are none, at the end of a walk over all.
create table verify_stretches (
    run_id        uuid        not null references verify_runs on delete cascade,
    upto          uuid        not null,
    reached       uuid        not null,
    orphans       boolean     not null,
    pid           integer     not null,
    backend_start timestamptz not null,
    events        bigint      not null default 0,
    primary key (run_id, upto)
) with (fillfactor = 50);

-- What was found the last time that the space was looked at, without anything that a person wrote.
create table verify_findings (
    space_id uuid    not null,
    number   bigint  not null,
    run_id   uuid    not null,
    code     text    not null,
    about    jsonb   not null,
    sentence text    not null,
    found_at bigint  not null,
    primary key (space_id, number)
);
create index verify_findings_run on verify_findings (run_id, space_id, number);
create index verify_findings_code on verify_findings (code);
