-- Consumes a refresh token and stores its successor. Two at once meet at the row of the first update: the second finds
-- it consumed and gets no row.
with consumed as (
    update refresh_tokens set consumed_at = $3, successor_hash = $2, successor_salt = $1
    from sessions
    where refresh_tokens.token_hash = $1
      and refresh_tokens.consumed_at is null
      and refresh_tokens.expires_at > $3
      and sessions.account_id = refresh_tokens.account_id
      and sessions.session_id = refresh_tokens.session_id
      and sessions.revoked_at is null
    returning sessions.account_id, sessions.session_id, sessions.device_id, sessions.csrf_hash
),
issued as (
    insert into refresh_tokens (token_hash, account_id, session_id, issued_at, expires_at)
    select $2, account_id, session_id, $3, $4
    from consumed
),
seen_session as (
    update sessions set last_seen_at = greatest(sessions.last_seen_at, $3),
        last_network = coalesce($5, sessions.last_network),
        app_version = coalesce($6, sessions.app_version)
    from consumed
    where sessions.account_id = consumed.account_id and sessions.session_id = consumed.session_id
),
seen_device as (
    update devices set last_seen_at = greatest(devices.last_seen_at, $3)
    from consumed
    where devices.account_id = consumed.account_id and devices.device_id = consumed.device_id
)
select accounts.account_id, accounts.email, accounts.role, accounts.time_zone, consumed.device_id, consumed.session_id,
    consumed.csrf_hash
from consumed
join accounts on accounts.account_id = consumed.account_id
