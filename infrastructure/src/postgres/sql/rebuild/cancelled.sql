UPDATE rebuilds
SET state = 'cancelled', changed_at = $2, ended_at = $2, holder_pid = NULL, holder_start = NULL, reason = NULL
WHERE rebuild_id = $1 AND state = 'cancelling'
