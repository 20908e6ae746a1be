-- The space is whole and can be seen from now on, unless it was erased.
INSERT INTO heads ({columns})
SELECT {columns}
FROM jsonb_populate_record(NULL::heads, $1::text::jsonb) h
WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
