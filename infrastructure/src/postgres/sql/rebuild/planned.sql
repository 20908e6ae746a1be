SELECT planned
FROM rebuilds
WHERE rebuild_id = $1 AND state = 'running'
