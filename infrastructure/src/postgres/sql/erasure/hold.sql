-- An account, if it is due ($2: whether that matters); held against sessions, devices and everything else that refers to it.
select deletion_requested_at
from accounts
where account_id = $1 and (not $2 or erase_after <= $3)
for update
