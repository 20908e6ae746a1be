-- Whether a space is still in the hands of this session. Nobody takes it over while this transaction lasts.
SELECT worker_pid
FROM rebuild_spaces
WHERE rebuild_id = $1 AND space_id = $2 AND worker_pid = pg_backend_pid()
FOR SHARE
