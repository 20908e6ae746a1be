-- What a device (an import writes as one) brought to the hero of a space, behind a sequence. Of lines of the log only those
-- that tell of reports are needed in whole.
SELECT sequence, payload #> '{change,imported}' AS imported,
    (payload #>> '{change,activity_imported,legacy_id}')::bigint AS past,
    CASE WHEN payload #> '{change,activity_imported,legacy,report}' IS NOT NULL
        THEN payload #> '{change,activity_imported}'
    END AS report
FROM events
WHERE space_id = $1 AND aggregate_type = 'hero' AND aggregate_id = $1 AND sequence > $2 AND device_id = $3
ORDER BY sequence
LIMIT $4
