-- What admins set and do, and how every node hears of it. Moments are ms since the Unix epoch.

-- Changes of flags and redactions are numbered one after the other: this row is held until its writer commits, so a node that
-- has seen a number has seen all before it.
create table revisions (
    only_row boolean primary key default true check (only_row),
    revision bigint  not null default 0
);
insert into revisions default values;

-- Switches that the clients are told. A flag that was removed stays as a name, so that nodes hear of it.
create table flags (
    name        text    primary key,
    is_on       boolean not null,
    percentage  bigint  not null check (percentage between 0 and 100),
    description text    not null,
    version     bigint  not null,
    changed_at  bigint  not null,
    removed_at  bigint,
    revision    bigint  not null
);
create unique index flags_revision on flags (revision);

-- Accounts for which a flag is on or off whatever the percentage says.
create table flag_accounts (
    account_id uuid    not null,
    name       text    not null references flags on delete cascade,
    is_allowed boolean not null,
    primary key (account_id, name)
);
create index flag_accounts_name on flag_accounts (name, is_allowed, account_id);

-- Values that were taken out of logs: where, never what. Nodes drop what they remember of these spaces.
create table redactions (
    space_id       uuid   not null,
    redaction_id   uuid   not null,
    aggregate_type text   not null,
    aggregate_id   uuid   not null,
    field          text   not null,
    redacted_at    bigint not null,
    revision       bigint not null,
    primary key (space_id, redaction_id)
);
create unique index redactions_revision on redactions (revision);

-- What nodes tell of themselves, for a day: that they start and stop, that their database was away.
create table node_notes (
    note_id uuid   primary key,
    node_id uuid   not null,
    at      bigint not null,
    what    text   not null,
    about   jsonb  not null
);

-- Dead letters of every space, the newest first, and the code of each without reading its problem.
alter table rejections add column code text;
update rejections set code = substring(problem from '^\{"code":"([a-z0-9_]+)"');
create index rejections_everywhere on rejections (decided_at, space_id, transaction_id);
create index rejections_code on rejections (code, decided_at, space_id, transaction_id);

-- Accounts by the beginning of their address.
create index accounts_address on accounts (lower(email) collate "C");
