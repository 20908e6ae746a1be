-- A new device of an account, without a session.
insert into devices (account_id, device_id, platform, device_name, push_token, app_version, public_key, created_at, last_seen_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
