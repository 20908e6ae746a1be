-- Events after a position, as they are stored. Whether receipts span them is verify's to say.
SELECT position, transaction_id, device_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload,
    metadata, recorded_at, payload_hash, hash, redacted_at IS NOT NULL AS redacted, position AS first_position,
    position AS last_position
FROM events
WHERE space_id = $1 AND position > $2
ORDER BY position
LIMIT $3
