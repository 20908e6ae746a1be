-- A walk that has spaces to hand out, held while that is done.
select space_id, reached
from verify_runs
where run_id = $1 and ended_at is null and not handed_out
for update
