-- The events after a position, in order.
SELECT position, transaction_id, device_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload,
    redacted_at IS NOT NULL AS redacted, fields, recorded_at, metadata ->> 'cause' AS cause,
    metadata ->> 'session' AS session
FROM events
WHERE space_id = $1 AND position > $2
ORDER BY position
LIMIT $3
