-- An erasure that is not finished; held while a few rows go. Another node that is at it goes on elsewhere.
select account_id
from erasures
where account_id = $1 and finished_at is null
for update skip locked
