-- How many events some entities had up to a position.
SELECT e.aggregate_type, e.aggregate_id, e.sequence
FROM unnest($2::text[], $3::uuid[]) AS wanted (kind, id)
JOIN LATERAL (
    SELECT aggregate_type, aggregate_id, sequence
    FROM events
    WHERE space_id = $1 AND aggregate_type = wanted.kind AND aggregate_id = wanted.id AND position <= $4
    ORDER BY sequence DESC
    LIMIT 1
) e ON true
