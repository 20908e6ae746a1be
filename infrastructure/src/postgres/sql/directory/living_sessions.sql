-- The sessions of an account that could go on at $3: not ended, with a refresh token that nobody has used. The one of $2
-- comes first.
select sessions.session_id, sessions.device_id, devices.device_name, devices.platform, sessions.app_version,
    sessions.created_at, sessions.last_seen_at, sessions.last_network
from sessions
join devices on devices.account_id = sessions.account_id and devices.device_id = sessions.device_id
where sessions.account_id = $1
  and sessions.revoked_at is null
  and (sessions.session_id = $2 or exists (
      select from refresh_tokens
      where refresh_tokens.account_id = sessions.account_id
        and refresh_tokens.session_id = sessions.session_id
        and refresh_tokens.consumed_at is null
        and refresh_tokens.expires_at > $3))
order by sessions.session_id = $2 desc, sessions.last_seen_at desc, sessions.session_id
limit $4
