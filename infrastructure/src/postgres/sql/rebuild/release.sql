UPDATE rebuilds
SET holder_pid = NULL, holder_start = NULL, events_per_s = 0
WHERE rebuild_id = $1 AND holder_pid = $2
