-- The end, when nothing is left to be taken up.
UPDATE rebuilds r
SET state = 'finished', changed_at = $2, ended_at = $2, holder_pid = NULL, holder_start = NULL, reason = NULL
WHERE r.rebuild_id = $1 AND r.state = 'running' AND r.planned
    AND NOT EXISTS (SELECT FROM rebuild_spaces s WHERE s.rebuild_id = r.rebuild_id AND NOT s.damaged)
