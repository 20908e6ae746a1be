-- The next space that nobody is at; those of sessions that have ended are begun again. What a check had found there is found
-- again, what was switched is not.
WITH next AS (
    SELECT s.space_id, s.worker_pid IS NOT NULL AS again
    FROM rebuild_spaces s
    WHERE s.rebuild_id = $1 AND NOT s.damaged
        AND EXISTS (SELECT FROM rebuilds r WHERE r.rebuild_id = $1 AND r.state = 'running')
        AND (
            s.worker_pid IS NULL
            OR NOT EXISTS (
                SELECT
                FROM pg_stat_activity alive
                WHERE alive.pid = s.worker_pid AND coalesce(alive.backend_start = s.worker_start, true)
            )
        )
    ORDER BY s.space_id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE rebuild_spaces s
SET worker_pid = $2, worker_start = $3::text::timestamptz, events = 0, rows = 0,
    differences = CASE WHEN $4 THEN 0 ELSE s.differences END
FROM next
WHERE s.rebuild_id = $1 AND s.space_id = next.space_id
RETURNING s.space_id, next.again
