-- An erasure that is finished.
select account_id
from erasures
where account_id = $1 and finished_at is not null
