-- On which devices these sessions are.
select session_id, device_id
from sessions
where account_id = $1 and session_id = any($2)
