-- The walks that have not ended, those over one space first. One that an operator began is the operator's, as long as a
-- process is at it.
select run_id
from verify_runs r
where ended_at is null and (begun_by <> 'operator' or not exists (
    select
    from verify_stretches s
    join pg_stat_activity alive on alive.pid = s.pid and coalesce(alive.backend_start = s.backend_start, true)
    where s.run_id = r.run_id
))
order by space_id is null, begun_at, run_id
limit $1
