-- A space whose log is damaged, or that failed for another reason, is counted and stays listed.
WITH done AS (
    UPDATE rebuild_spaces
    SET damaged = true, failed = $5, worker_pid = NULL, worker_start = NULL
    WHERE rebuild_id = $1 AND space_id = $2 AND worker_pid = $3
    RETURNING differences
)
UPDATE rebuilds r
SET spaces = r.spaces + 1, events = r.events + $4, spaces_damaged = r.spaces_damaged + (NOT $5)::integer,
    spaces_failed = r.spaces_failed + $5::integer, differences = r.differences + done.differences,
    spaces_differing = r.spaces_differing + (done.differences > 0)::integer
FROM done
WHERE r.rebuild_id = $1
