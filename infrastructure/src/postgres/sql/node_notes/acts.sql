-- What was done and is worth telling, behind an id, in order.
select entry_id, account_id, at, act, actor_role, about
from security_log
where entry_id > $1 and act = any ($2::text[])
order by entry_id
limit 1000
