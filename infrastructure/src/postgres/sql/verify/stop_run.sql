update verify_runs
set ended_at = $2, outcome = 'stopped'
where run_id = $1 and ended_at is null
returning run_id
