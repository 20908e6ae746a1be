-- An account by its id ($1) or its address ($2), as support sees it. One that is being erased is not there.
select account_id, email, role, time_zone, erase_after, created_at, verified_at, locked_at, deletion_requested_at
from accounts
where (account_id = $1 or lower(email) = lower($2))
    and not exists (select from erasures where erasures.account_id = accounts.account_id)
