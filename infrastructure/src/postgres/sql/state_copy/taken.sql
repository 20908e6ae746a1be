-- Which of these entities a space has, tombstones too, and which import created them.
SELECT asked.aggregate_type, asked.aggregate_id, first.payload #>> '{change,created,kept,import}' AS import
FROM unnest($2::text[], $3::uuid[]) AS asked (aggregate_type, aggregate_id)
CROSS JOIN LATERAL (
    SELECT e.payload
    FROM events e
    WHERE e.space_id = $1 AND e.aggregate_type = asked.aggregate_type AND e.aggregate_id = asked.aggregate_id
        AND e.sequence = 1
    LIMIT 1
) first
