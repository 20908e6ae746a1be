-- Spaces that have rows in {table} and no head, other than those that are being imported.
SELECT DISTINCT t.space_id
FROM {table} t
WHERE NOT EXISTS (SELECT FROM heads h WHERE h.space_id = t.space_id)
    AND NOT EXISTS (SELECT FROM log_imports i WHERE i.space_id = t.space_id)
LIMIT $1
