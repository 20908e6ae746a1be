-- Whether all spaces were taken up; nothing where this worker's run no longer holds the rebuild.
SELECT planned
FROM rebuilds
WHERE rebuild_id = $1 AND state = 'running' AND holder_pid = $2 AND holder_start = $3::text::timestamptz
