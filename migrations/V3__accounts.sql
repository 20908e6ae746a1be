-- Accounts, their devices, sessions and refresh tokens. Plain rows: secret, hot, expiring. Moments are ms since the
-- Unix epoch. Everything that belongs to an account is keyed by it first.

create table accounts (
    account_id    uuid   primary key,
    email         text   not null,
    password_hash text   not null,
    role          text   not null check (role in ('user', 'support', 'admin')),
    time_zone     text   not null,
    created_at    bigint not null
);

-- One account per address, whatever its case.
create unique index accounts_email on accounts (lower(email));

create table devices (
    account_id   uuid   not null references accounts on delete cascade,
    device_id    uuid   not null,
    platform     text   not null check (platform in ('ios', 'web', 'other')),
    device_name  text   not null,
    push_token   text,
    created_at   bigint not null,
    last_seen_at bigint not null,
    primary key (account_id, device_id)
);

create table sessions (
    account_id   uuid   not null,
    session_id   uuid   not null,
    device_id    uuid   not null,
    created_at   bigint not null,
    last_seen_at bigint not null,
    revoked_at   bigint,
    primary key (account_id, session_id),
    foreign key (account_id, device_id) references devices on delete cascade
);

create index sessions_device on sessions (account_id, device_id);

-- A refresh token is looked up by its SHA-256 alone, so that leads; the token itself is stored nowhere.
create table refresh_tokens (
    token_hash     bytea  primary key check (octet_length(token_hash) = 32),
    account_id     uuid   not null,
    session_id     uuid   not null,
    issued_at      bigint not null,
    expires_at     bigint not null,
    consumed_at    bigint,
    successor_hash bytea  check (octet_length(successor_hash) = 32),
    foreign key (account_id, session_id) references sessions on delete cascade,
    check ((consumed_at is null) = (successor_hash is null))
);

create index refresh_tokens_session on refresh_tokens (account_id, session_id);
