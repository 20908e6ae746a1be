-- The walk that began last.
select run_id
from verify_runs
order by begun_at desc, run_id desc
limit 1
