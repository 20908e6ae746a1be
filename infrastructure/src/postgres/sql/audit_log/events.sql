-- The next events of each of these spaces behind a position, $3 of each at most, with all that they say of who wrote them.
SELECT next.space_id, next.position, next.recorded_at, next.transaction_id, next.device_id, next.aggregate_type,
    next.aggregate_id, next.sequence, next.event_type, next.payload, next.metadata
FROM unnest($1::uuid[], $2::bigint[]) AS read (space_id, position)
CROSS JOIN LATERAL (
    SELECT e.space_id, e.position, e.recorded_at, e.transaction_id, e.device_id, e.aggregate_type, e.aggregate_id, e.sequence,
        e.event_type, e.payload, e.metadata
    FROM events e
    WHERE e.space_id = read.space_id AND e.position > read.position
    ORDER BY e.position
    LIMIT $3
) next
