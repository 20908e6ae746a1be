-- An account that something is done to; held until that is done. One that is being erased is not there.
select role, locked_at
from accounts
where account_id = $1
    and not exists (select from erasures where erasures.account_id = accounts.account_id)
for no key update
