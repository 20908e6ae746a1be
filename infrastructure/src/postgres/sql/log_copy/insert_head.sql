-- The space is whole and can be seen from now on, unless it was erased; what follows the log by itself is told.
WITH new_behind AS (
    INSERT INTO behind (space_id, projection, position)
    SELECT h.space_id, told.projection, h.position
    FROM jsonb_populate_record(NULL::heads, $1::text::jsonb) h
    CROSS JOIN unnest(ARRAY['audit_log']) AS told (projection)
    WHERE h.position > 0 AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
    ON CONFLICT (space_id, projection, position) DO NOTHING
)
INSERT INTO heads ({columns})
SELECT {columns}
FROM jsonb_populate_record(NULL::heads, $1::text::jsonb) h
WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
