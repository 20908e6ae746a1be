-- The head and the events after a position, as of one moment: head columns repeat on every row, events may be absent.
SELECT h.space_id, h.epoch, h.position, h.hash, h.legacy_next, h.live_entities, h.checksum, h.recorded_at, h.repairs,
    h.epoch_before, h.epoch_began, h.floor,
    before.hash AS hash_before, span.first_position, span.last_position,
    e.position AS event_position, e.transaction_id, e.device_id, e.recorded_at AS at, e.event_type, e.aggregate_type,
    e.aggregate_id, e.sequence, e.fields, e.metadata ->> 'cause' AS cause, e.hash AS event_hash
FROM heads h
LEFT JOIN events before ON before.space_id = h.space_id AND before.position = $2
LEFT JOIN events next ON next.space_id = h.space_id AND next.position = $2 + 1
LEFT JOIN receipts span ON span.space_id = h.space_id AND span.transaction_id = next.transaction_id
LEFT JOIN LATERAL (
    SELECT position, transaction_id, device_id, recorded_at, event_type, aggregate_type, aggregate_id, sequence, fields,
        metadata, hash
    FROM events
    WHERE space_id = h.space_id AND position > $2
    ORDER BY position
    LIMIT $3
) e ON true
WHERE h.space_id = $1
ORDER BY e.position
