update verify_runs
set reached = $2, handed_out = $3
where run_id = $1
