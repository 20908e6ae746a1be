-- This session takes a stretch.
insert into verify_stretches (run_id, reached, upto, orphans, pid, backend_start)
select $1, $2, $3, $4, pid, backend_start
from pg_stat_activity
where pid = pg_backend_pid()
