-- A space is done: it is counted once, by whoever takes its row away.
WITH done AS (
    DELETE FROM rebuild_spaces
    WHERE rebuild_id = $1 AND space_id = $2 AND worker_pid = $3
    RETURNING differences
)
UPDATE rebuilds r
SET spaces = r.spaces + 1, events = r.events + $4, rows = r.rows + $5, differences = r.differences + done.differences,
    spaces_differing = r.spaces_differing + (done.differences > 0)::integer
FROM done
WHERE r.rebuild_id = $1
