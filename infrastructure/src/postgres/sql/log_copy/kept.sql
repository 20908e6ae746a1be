-- Rows of a space in {table} after an id, of what was there when its head was read.
SELECT t.{key}, (to_jsonb(t) - 'space_id')::text AS row
FROM {table} t
WHERE t.space_id = $1 AND t.{key} > $2 AND {bound}
ORDER BY t.{key}
LIMIT $4
