-- One more space is done.
update verify_runs
set spaces = spaces + $2, events = events + $3, rows = rows + $4, findings = findings + $5
where run_id = $1 and ended_at is null
returning run_id
