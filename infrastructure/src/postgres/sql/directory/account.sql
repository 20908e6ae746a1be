-- An account by its id.
select account_id, email, role, time_zone, erase_after
from accounts
where account_id = $1
