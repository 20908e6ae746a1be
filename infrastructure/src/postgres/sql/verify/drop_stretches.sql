delete from verify_stretches
where run_id = $1
