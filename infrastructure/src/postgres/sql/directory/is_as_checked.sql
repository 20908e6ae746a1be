-- Whether an account still has the password that was checked, and is not locked.
select account_id
from accounts
where account_id = $1 and password_hash = $2 and locked_at is null
