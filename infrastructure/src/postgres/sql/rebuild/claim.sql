-- The place is free when nobody has it or its session has ended. What a role may not see of another's session is NULL:
-- then it counts as alive.
INSERT INTO rebuild.running AS held (pid, backend_start)
SELECT pid, backend_start
FROM pg_stat_activity
WHERE pid = pg_backend_pid()
ON CONFLICT (only_row) DO UPDATE SET pid = excluded.pid, backend_start = excluded.backend_start
WHERE held.pid = pg_backend_pid() OR NOT EXISTS (
    SELECT
    FROM pg_stat_activity alive
    WHERE alive.pid = held.pid AND coalesce(alive.backend_start = held.backend_start, true)
)
RETURNING pid
