-- The accounts that a flag names ($3: those on whose list), those that are there.
insert into flag_accounts (account_id, name, is_allowed)
select a.account_id, $1, $3
from unnest($2::uuid[]) as named (account_id)
join accounts a on a.account_id = named.account_id
order by a.account_id
on conflict (account_id, name) do update set is_allowed = false
