-- Sessions of workers that live.
SELECT count(*) AS workers
FROM rebuild_spaces s
JOIN pg_stat_activity alive ON alive.pid = s.worker_pid AND coalesce(alive.backend_start = s.worker_start, true)
WHERE s.rebuild_id = $1
