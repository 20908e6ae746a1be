update verify_stretches
set reached = $3, events = 0
where run_id = $1 and upto = $2 and pid = pg_backend_pid()
returning run_id
