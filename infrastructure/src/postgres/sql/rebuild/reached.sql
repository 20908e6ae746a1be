-- How far the worker is with its space.
UPDATE rebuild_spaces
SET events = $4
WHERE rebuild_id = $1 AND space_id = $2 AND worker_pid = $3
