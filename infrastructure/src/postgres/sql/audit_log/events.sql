-- The next events of a space, with all that they say of who wrote them.
SELECT position, recorded_at, transaction_id, device_id, aggregate_type, aggregate_id, sequence, event_type, payload,
    metadata
FROM events
WHERE space_id = $1 AND position > $2
ORDER BY position
LIMIT $3
