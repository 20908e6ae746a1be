-- A new account with its first device, session and refresh token. A taken address breaks `accounts_email`.
with account as (
    insert into accounts (account_id, email, password_hash, role, time_zone, created_at, first_name, last_name)
    values ($1, $2, $3, $4, $5, $6, $17, $18)
),
device as (
    insert into devices (account_id, device_id, platform, device_name, push_token, app_version, created_at, last_seen_at)
    values ($1, $7, $8, $9, $10, $15, $6, $6)
),
session as (
    insert into sessions (account_id, session_id, device_id, created_at, last_seen_at, last_network, app_version,
                          csrf_hash)
    values ($1, $11, $7, $6, $6, $14, $15, $16)
)
insert into refresh_tokens (token_hash, account_id, session_id, issued_at, expires_at)
values ($12, $1, $11, $6, $13)
