-- The hash of an account's password.
select password_hash
from accounts
where account_id = $1
