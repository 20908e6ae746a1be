-- What a device (an import writes as one) brought to the hero of a space and to skills behind a position, if the log has that
-- hash there: the first row says so.
SELECT stood.space_id AS id, 0::bigint AS xp, 0::bigint AS tasks_completed, true AS stood
FROM events stood
WHERE stood.space_id = $1 AND stood.position = $2 AND encode(stood.hash, 'hex') = $3
UNION ALL
SELECT e.aggregate_id, coalesce(sum((e.payload #>> '{change,imported,xp}')::bigint), 0)::bigint,
    coalesce(sum((e.payload #>> '{change,imported,tasks_completed}')::bigint), 0)::bigint, false
FROM events e
WHERE e.space_id = $1 AND e.position > $2 AND e.device_id = $4
    AND e.event_type IN ('hero.imported', 'skill.imported')
    AND (e.aggregate_type = 'hero' AND e.aggregate_id = $1 OR e.aggregate_type = 'skill' AND e.aggregate_id = ANY ($5))
GROUP BY e.aggregate_id
