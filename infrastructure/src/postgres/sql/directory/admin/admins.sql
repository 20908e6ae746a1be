-- The admins who may sign in and stay; held, so that of two who take each other's role away one finds nobody left.
select account_id
from accounts
where role = 'admin' and locked_at is null and erase_after is null
order by account_id
for no key update
