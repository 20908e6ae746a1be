-- The public halves of the keys that sign access tokens, so that every node knows what another signed. A private half
-- never leaves the data directory that it was made in. Moments are ms since the Unix epoch.

create table signing_keys (
    key_id     text   primary key,
    public_key bytea  not null check (octet_length(public_key) = 32),
    created_at bigint not null,
    -- From then on it signs nothing; what it signed before stays good until `ends_at`.
    retired_at bigint,
    -- From then on nothing that it signed is good.
    ends_at    bigint,
    check (ends_at is null or retired_at is not null)
);
