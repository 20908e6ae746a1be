-- The next space that nobody is at, for a worker of the run that holds the rebuild; those of sessions that have ended are begun
-- again. What a check had found there is found again, what was switched is not. Who takes the rebuild over waits for the lock,
-- and then sees what was claimed before.
WITH lead AS MATERIALIZED (
    SELECT r.rebuild_id
    FROM rebuilds r
    WHERE r.rebuild_id = $1 AND r.state = 'running' AND r.holder_pid = $5 AND r.holder_start = $6::text::timestamptz
    FOR SHARE
), next AS (
    SELECT s.space_id, s.worker_pid IS NOT NULL AS again
    FROM rebuild_spaces s
    WHERE s.rebuild_id = (SELECT lead.rebuild_id FROM lead) AND NOT s.damaged
        AND (
            SELECT count(*)
            FROM pg_stat_activity alive
            WHERE alive.pid = s.worker_pid AND coalesce(alive.backend_start = s.worker_start, true)
        ) = 0
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
