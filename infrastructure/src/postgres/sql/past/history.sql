-- An entity's events before a version and up to a position, the newest first; those that wrote a field, if one is named.
SELECT position, transaction_id, device_id, aggregate_type, aggregate_id, sequence, event_type, event_version,
    payload, redacted_at IS NOT NULL AS redacted, fields, recorded_at, metadata ->> 'cause' AS cause,
    metadata ->> 'session' AS session
FROM events
WHERE space_id = $1 AND aggregate_type = $2 AND aggregate_id = $3 AND sequence < $4 AND position <= $5
    AND ($6::text IS NULL OR fields ? $6 OR payload #> '{change,edited,changes}' ? $6)
ORDER BY sequence DESC
LIMIT $7
