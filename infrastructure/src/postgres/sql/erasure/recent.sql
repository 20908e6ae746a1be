-- Erasures that were finished since a moment.
select account_id
from erasures
where finished_at >= $1
