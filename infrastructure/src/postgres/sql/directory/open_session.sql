-- A session of a known account, on a device that is new or brought up to date. A name that was only guessed ($13 is false)
-- is that of a new device; one that has a name keeps it.
with device as (
    insert into devices (account_id, device_id, platform, device_name, push_token, app_version, created_at, last_seen_at)
    values ($1, $2, $3, $4, $5, $11, $6, $6)
    on conflict (account_id, device_id) do update set
        platform = excluded.platform,
        device_name = case when $13::boolean then excluded.device_name else devices.device_name end,
        push_token = coalesce(excluded.push_token, devices.push_token),
        app_version = coalesce(excluded.app_version, devices.app_version),
        last_seen_at = greatest(excluded.last_seen_at, devices.last_seen_at)
),
session as (
    insert into sessions (account_id, session_id, device_id, created_at, last_seen_at, last_network, app_version,
                          csrf_hash)
    values ($1, $7, $2, $6, $6, $10, $11, $12)
)
insert into refresh_tokens (token_hash, account_id, session_id, issued_at, expires_at)
values ($8, $1, $7, $6, $9)
