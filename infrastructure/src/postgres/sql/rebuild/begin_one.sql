-- Begins a rebuild of one space; none when it is not there, or is being erased.
INSERT INTO rebuilds (rebuild_id, space_id, projections, fold_versions, check_only, workers, cause, state, began_at,
    changed_at, holder_pid, holder_start, spaces_total, events_total)
SELECT $1, h.space_id, $3, $4, $5, $6, $7, 'running', $8, $8, $9, $10::text::timestamptz, 1, h.position
FROM heads h
WHERE h.space_id = $2 AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
