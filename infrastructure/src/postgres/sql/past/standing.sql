-- For each of some fields of an entity: the version that wrote what stands, up to a position, and the value before another
-- version. A value that was sent and did not come to stand is recorded as `written`.
SELECT wanted.field, newest.sequence AS newest, before.value AS before
FROM unnest($6::text[]) AS wanted (field)
LEFT JOIN LATERAL (
    SELECT sequence
    FROM events
    WHERE space_id = $1 AND aggregate_type = $2 AND aggregate_id = $3 AND position <= $5
        AND (fields ? wanted.field OR (payload #> '{change,edited,changes}' ? wanted.field
            AND NOT payload #> ARRAY['change', 'edited', 'changes', wanted.field] ? 'written'))
    ORDER BY sequence DESC
    LIMIT 1
) newest ON true
LEFT JOIN LATERAL (
    SELECT fields -> wanted.field AS value
    FROM events
    WHERE space_id = $1 AND aggregate_type = $2 AND aggregate_id = $3 AND sequence < $4 AND fields ? wanted.field
    ORDER BY sequence DESC
    LIMIT 1
) before ON true
