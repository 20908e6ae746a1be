-- When a walk over all spaces last began.
select max(begun_at) as begun_at
from verify_runs
where space_id is null
