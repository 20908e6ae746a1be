-- Spaces that have rows in {table} and no head.
SELECT DISTINCT t.space_id
FROM {table} t
WHERE NOT EXISTS (SELECT FROM heads h WHERE h.space_id = t.space_id)
LIMIT $1
