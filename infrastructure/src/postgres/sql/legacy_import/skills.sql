-- What a device (an import writes as one) brought to skills of a space. The six of every account were founded by it and
-- brought nothing with that.
SELECT aggregate_id,
    coalesce(payload #>> '{change,imported,xp}', payload #>> '{change,created,kept,xp}')::bigint AS xp
FROM events
WHERE space_id = $1 AND aggregate_type = 'skill' AND aggregate_id = ANY ($2) AND device_id = $3
    AND (event_type = 'skill.imported' OR payload #> '{change,created,kept}' IS NOT NULL)
