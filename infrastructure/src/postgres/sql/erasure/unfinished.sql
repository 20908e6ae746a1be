-- Erasures that have begun and are not finished.
select account_id, requested_at
from erasures
where finished_at is null
order by requested_at
limit 1000
