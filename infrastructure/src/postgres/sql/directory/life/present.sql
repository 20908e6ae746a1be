-- Whether an account is there and nobody erases it.
select account_id
from accounts
where account_id = $1 and not exists (select from erasures where erasures.account_id = accounts.account_id)
