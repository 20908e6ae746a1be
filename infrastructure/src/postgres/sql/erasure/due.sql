-- Accounts whose days of grace are over, behind one of them.
select account_id, erase_after
from accounts
where erase_after <= $1 and (erase_after, account_id) > ($2, $3)
order by erase_after, account_id
limit 1000
