SELECT e.position, e.transaction_id, e.device_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type,
    e.event_version, e.payload, e.metadata, e.recorded_at, e.payload_hash, e.hash, r.first_position, r.last_position
FROM events e
LEFT JOIN receipts r ON r.space_id = e.space_id AND r.transaction_id = e.transaction_id
WHERE e.space_id = $1
ORDER BY e.position
