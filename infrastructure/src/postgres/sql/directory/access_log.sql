-- What happened to an account, the newest first; who of staff did it is not read.
select entry_id, at, act, actor_role, session_id, device_id, network, about
from security_log
where account_id = $1
  and ($2::uuid is null or entry_id < $2)
order by entry_id desc
limit $3
