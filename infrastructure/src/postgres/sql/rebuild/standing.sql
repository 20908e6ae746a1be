-- A rebuild with what its workers have done of the spaces that they are at, and whether the session that holds it lives. What
-- a role may not see of another's session is NULL: then it counts as alive.
SELECT r.rebuild_id, r.space_id, r.projections, r.fold_versions, r.check_only, r.workers, r.cause, r.state, r.reason,
    r.began_at, r.changed_at, r.ended_at, r.spaces_total, r.events_total, r.spaces, r.rows,
    r.differences + under_way.differences AS differences, r.spaces_differing, r.spaces_damaged,
    r.spaces_failed, r.events_per_s, r.events + under_way.events AS events,
    (
        SELECT alive.pid
        FROM pg_stat_activity alive
        WHERE alive.pid = r.holder_pid AND coalesce(alive.backend_start = r.holder_start, true)
    ) AS holder
FROM rebuilds r
CROSS JOIN LATERAL (
    SELECT coalesce(sum(s.events), 0)::bigint AS events, coalesce(sum(s.differences), 0)::bigint AS differences
    FROM rebuild_spaces s
    WHERE s.rebuild_id = r.rebuild_id AND NOT s.damaged
) under_way
WHERE r.rebuild_id = $1
