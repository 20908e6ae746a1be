-- An account by its id.
select account_id, email, role, time_zone
from accounts
where account_id = $1
