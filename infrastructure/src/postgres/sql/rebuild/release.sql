DELETE FROM rebuild.running
WHERE pid = pg_backend_pid()
