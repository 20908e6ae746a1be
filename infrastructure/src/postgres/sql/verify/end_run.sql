-- A walk is done when everything is handed out and nobody is at anything.
update verify_runs r
set ended_at = $2, outcome = 'done'
where r.run_id = $1 and r.ended_at is null and r.handed_out
    and not exists (select from verify_stretches s where s.run_id = r.run_id)
returning r.run_id
