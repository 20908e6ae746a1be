-- What entities of a space came with that an import created ($4).
SELECT asked.aggregate_id, first.kept -> 'extras' AS extras
FROM unnest($2::text[], $3::uuid[]) AS asked (aggregate_type, aggregate_id)
CROSS JOIN LATERAL (
    SELECT e.payload #> '{change,created,kept}' AS kept
    FROM events e
    WHERE e.space_id = $1 AND e.aggregate_type = asked.aggregate_type AND e.aggregate_id = asked.aggregate_id
        AND e.sequence = 1
    LIMIT 1
) first
WHERE first.kept ->> 'import' = $4
