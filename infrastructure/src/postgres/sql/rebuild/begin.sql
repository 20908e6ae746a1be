-- Begins a rebuild of all spaces. The index on what has not ended keeps a second one out.
INSERT INTO rebuilds (rebuild_id, space_id, projections, fold_versions, check_only, workers, cause, state, began_at,
    changed_at, holder_pid, holder_start, spaces_total, events_total)
SELECT $1, $2, $3, $4, $5, $6, $7, 'running', $8, $8, $9, $10::text::timestamptz, count(*),
    coalesce(sum(h.position), 0)::bigint
FROM heads h
WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
