SELECT e.payload::text AS payload, e.metadata::text AS metadata, e.fields::text AS fields,
    e.payload_hash::text AS payload_hash, e.hash::text AS hash, e.device_id::text AS device_id,
    e.recorded_at::text AS recorded_at, r.digest::text AS digest, r.body::text AS body
FROM events e
JOIN receipts r ON r.space_id = e.space_id AND r.transaction_id = e.transaction_id
WHERE e.space_id = $1 AND e.aggregate_id = $2 AND e.event_type = $3
ORDER BY e.position DESC
LIMIT 1
