UPDATE rebuild_spaces
SET worker_pid = NULL, worker_start = NULL, events = 0
WHERE rebuild_id = $1 AND space_id = $2 AND worker_pid = $3
