-- How many events were read of the space that this session is at, and whether the walk is still wanted.
update verify_stretches s
set events = $3
from verify_runs r
where s.run_id = $1 and s.upto = $2 and s.pid = pg_backend_pid() and r.run_id = s.run_id and r.ended_at is null
returning s.run_id
