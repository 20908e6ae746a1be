-- Accounts whose days of grace are over.
select account_id
from accounts
where erase_after <= $1
order by erase_after
limit 1000
