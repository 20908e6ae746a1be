UPDATE rebuilds
SET changed_at = $2, events_per_s = $3
WHERE rebuild_id = $1
