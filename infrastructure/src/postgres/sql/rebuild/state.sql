SELECT state
FROM rebuilds
WHERE rebuild_id = $1
