-- A walk as it stands, with what its processes are at.
select r.run_id, r.space_id, r.begun_by, r.begun_at, r.ended_at, r.outcome, r.spaces_total, r.events_total, r.spaces,
    r.events + coalesce((select sum(s.events) from verify_stretches s where s.run_id = r.run_id), 0)::bigint as events,
    r.rows, r.findings
from verify_runs r
where r.run_id = $1
