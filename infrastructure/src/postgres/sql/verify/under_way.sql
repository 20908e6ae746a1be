-- The walk over this space, or over all, that has not ended.
select run_id
from verify_runs
where ended_at is null and space_id is not distinct from $1
