SELECT position, transaction_id, device_id, recorded_at, event_type, aggregate_type, aggregate_id, sequence, fields, hash
FROM events
WHERE space_id = $1 AND position > (SELECT position FROM heads WHERE space_id = $1) - $2
ORDER BY position
