-- What a device (an import writes as one) brought to the hero of a space, behind a sequence.
SELECT sequence, payload #> '{change,imported}' AS imported,
    (payload #>> '{change,activity_imported,legacy_id}')::bigint AS past
FROM events
WHERE space_id = $1 AND aggregate_type = 'hero' AND aggregate_id = $1 AND sequence > $2 AND device_id = $3
ORDER BY sequence
LIMIT $4
