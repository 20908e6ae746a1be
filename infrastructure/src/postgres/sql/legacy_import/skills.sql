-- What a device (an import writes as one) brought to skills of a space.
SELECT aggregate_id, (payload #>> '{change,imported,xp}')::bigint AS xp
FROM events
WHERE space_id = $1 AND aggregate_type = 'skill' AND aggregate_id = ANY ($2) AND event_type = 'skill.imported'
    AND device_id = $3
