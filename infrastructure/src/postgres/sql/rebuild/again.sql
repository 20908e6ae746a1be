-- The worker begins with its space again. What a check had found there is found again, what was switched is not.
UPDATE rebuild_spaces
SET events = 0, differences = CASE WHEN $4 THEN 0 ELSE differences END
WHERE rebuild_id = $1 AND space_id = $2 AND worker_pid = $3
