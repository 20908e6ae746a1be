-- How a session ends, and how every node hears of it. Moments are ms since the Unix epoch.

alter table sessions
    add column revoked_because text,
    add column last_network    text,
    add column app_version     text,
    -- SHA-256 of the secret that a browser has to repeat in a header; null for sessions without cookies.
    add column csrf_hash       bytea check (octet_length(csrf_hash) = 32),
    add constraint sessions_revoked check ((revoked_at is null) = (revoked_because is null));

-- Of a consumed token: what its successor was made with. Together with the consumed token itself, and only then, it
-- gives the successor again: that is how a lost answer is repeated although no token is stored.
alter table refresh_tokens
    add column successor_salt bytea check (octet_length(successor_salt) = 32);
-- Those of older versions were consumed without one; they can only be refused, which is what an unknown token gets.
delete from refresh_tokens where consumed_at is not null;
alter table refresh_tokens
    add constraint refresh_tokens_salt check ((consumed_at is null) = (successor_salt is null));
create index refresh_tokens_expired on refresh_tokens (expires_at);

-- Sessions that ended before the last access token of theirs did. Nodes look here for what others revoked. It names no
-- account, and outlives it: a token of an account that is gone must not be good for its last minutes.
create table revoked_sessions (
    session_id uuid   primary key,
    because    text   not null,
    revoked_at bigint not null,
    forget_at  bigint not null
);
create index revoked_sessions_revoked on revoked_sessions (revoked_at);
create index revoked_sessions_forgotten on revoked_sessions (forget_at);

-- What a device with a key has to sign before its refresh is granted. Each is good once.
create table refresh_nonces (
    nonce_hash bytea  primary key check (octet_length(nonce_hash) = 32),
    account_id uuid   not null,
    session_id uuid   not null,
    expires_at bigint not null,
    foreign key (account_id, session_id) references sessions on delete cascade
);
create index refresh_nonces_session on refresh_nonces (account_id, session_id);
create index refresh_nonces_expired on refresh_nonces (expires_at);

-- What a device says about itself, and the P-256 key that its refreshes are signed with (X9.63, uncompressed).
alter table devices
    add column app_version text,
    add column public_key  bytea check (octet_length(public_key) = 65);
