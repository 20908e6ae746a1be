-- What an account may do at this moment.
select role, locked_at is not null as is_locked
from accounts
where account_id = $1
