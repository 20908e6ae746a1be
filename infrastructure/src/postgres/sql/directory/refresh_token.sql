-- What a refresh token is, and whose.
select accounts.account_id, accounts.email, accounts.role, accounts.time_zone, accounts.erase_after,
    sessions.session_id, sessions.revoked_because, sessions.csrf_hash,
    devices.device_id, devices.device_name, devices.platform, devices.public_key,
    refresh_tokens.expires_at, refresh_tokens.consumed_at, refresh_tokens.successor_salt
from refresh_tokens
join sessions on sessions.account_id = refresh_tokens.account_id and sessions.session_id = refresh_tokens.session_id
join devices on devices.account_id = sessions.account_id and devices.device_id = sessions.device_id
join accounts on accounts.account_id = sessions.account_id
where refresh_tokens.token_hash = $1
