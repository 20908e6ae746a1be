-- Stretches of entities' events up to a position, each after a version.
SELECT e.position, e.transaction_id, e.device_id, e.aggregate_type, e.aggregate_id, e.sequence, e.event_type,
    e.event_version, e.payload, e.redacted_at IS NOT NULL AS redacted, e.fields, e.recorded_at,
    e.metadata ->> 'cause' AS cause, e.metadata ->> 'session' AS session
FROM unnest($2::text[], $3::uuid[], $4::bigint[]) AS wanted (kind, id, after)
JOIN LATERAL (
    SELECT position, transaction_id, device_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, payload, redacted_at, fields, recorded_at, metadata
    FROM events
    WHERE space_id = $1 AND aggregate_type = wanted.kind AND aggregate_id = wanted.id AND sequence > wanted.after
        AND position <= $5
    ORDER BY sequence
    LIMIT $6
) e ON true
ORDER BY e.aggregate_type, e.aggregate_id, e.sequence
