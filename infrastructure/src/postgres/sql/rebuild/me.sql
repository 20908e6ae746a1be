-- This session, so that others can see whether it lives.
SELECT pid, backend_start::text AS backend_start
FROM pg_stat_activity
WHERE pid = pg_backend_pid()
