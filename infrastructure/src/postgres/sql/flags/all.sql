-- Flags behind a revision, in order, with the accounts that they name. One that was removed is told of with $2 only.
select f.name, f.is_on, f.percentage, f.description, f.version, f.changed_at, f.removed_at is not null as is_removed,
    f.revision,
    array(select a.account_id from flag_accounts a where a.name = f.name and a.is_allowed) as allowed,
    array(select a.account_id from flag_accounts a where a.name = f.name and not a.is_allowed) as denied
from flags f
where f.revision > $1 and ($2::boolean or f.removed_at is null)
order by f.revision
