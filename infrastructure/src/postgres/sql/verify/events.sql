-- Events after a position, as they are stored, with the spans of their receipts.
SELECT e.position, e.transaction_id, e.device_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type,
    e.event_version, e.payload, e.metadata, e.recorded_at, e.payload_hash, e.hash,
    e.redacted_at IS NOT NULL AS redacted, r.first_position, r.last_position
FROM (
    SELECT space_id, position, transaction_id, device_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, payload, metadata, recorded_at, payload_hash, hash, redacted_at
    FROM events
    WHERE space_id = $1 AND position > $2
    ORDER BY position
    LIMIT $3
) e
LEFT JOIN receipts r
    ON r.space_id = e.space_id AND r.transaction_id = e.transaction_id AND r.status = 'committed'
ORDER BY e.position
