-- Accounts whose address begins with $1 ($2: what follows all of those), behind an address. The names of bytes decide the order, so
-- that one index gives both; a role ($4) or standing that few have has an index of its own.
select account_id, email, role, time_zone, erase_after, created_at, verified_at, locked_at
from accounts
where lower(email) collate "C" >= $1 and lower(email) collate "C" < $2
    and lower(email) collate "C" > $3
    and {role}
    and {standing}
    and not exists (select from erasures where erasures.account_id = accounts.account_id)
order by lower(email) collate "C"
limit $5
