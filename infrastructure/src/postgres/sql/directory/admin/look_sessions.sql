-- The sessions of an account, newest first.
select session_id, device_id, created_at, last_seen_at, last_network, revoked_at, revoked_because
from sessions
where account_id = $1
order by created_at desc, session_id
limit 200
