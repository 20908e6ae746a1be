-- Consumes a refresh token and stores its successor. Two at once meet at the row of the session, as does its end: the
-- second finds the token consumed or the session revoked, and writes nothing.
with living as (
    select sessions.account_id, sessions.session_id, sessions.device_id
    from refresh_tokens
    join sessions on sessions.account_id = refresh_tokens.account_id and sessions.session_id = refresh_tokens.session_id
    where refresh_tokens.token_hash = $1 and sessions.revoked_at is null
    for no key update of sessions
),
consumed as (
    update refresh_tokens set consumed_at = $3, successor_hash = $2, successor_salt = $7
    from living
    where refresh_tokens.token_hash = $1 and refresh_tokens.consumed_at is null
    returning living.account_id, living.session_id, living.device_id
),
seen_session as (
    update sessions set last_seen_at = greatest(sessions.last_seen_at, $3),
        last_network = coalesce($5, sessions.last_network),
        app_version = coalesce($6, sessions.app_version)
    from consumed
    where sessions.account_id = consumed.account_id and sessions.session_id = consumed.session_id
),
seen_device as (
    update devices set last_seen_at = greatest(devices.last_seen_at, $3),
        app_version = coalesce($6, devices.app_version)
    from consumed
    where devices.account_id = consumed.account_id and devices.device_id = consumed.device_id
)
insert into refresh_tokens (token_hash, account_id, session_id, issued_at, expires_at)
select $2, account_id, session_id, $3, $4
from consumed
