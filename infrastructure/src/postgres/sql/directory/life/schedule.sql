-- The first wish counts: asked again, the moment stays. `first` says whether this was it.
with before as (
    select account_id, erase_after
    from accounts
    where account_id = $1
    for no key update
)
update accounts set deletion_requested_at = coalesce(accounts.deletion_requested_at, $2),
    erase_after = coalesce(accounts.erase_after, $3)
from before
where accounts.account_id = before.account_id
    and not exists (select from erasures where erasures.account_id = before.account_id)
returning accounts.erase_after, before.erase_after is null as first
