delete from verify_stretches
where run_id = $1 and upto = $2 and pid = pg_backend_pid()
