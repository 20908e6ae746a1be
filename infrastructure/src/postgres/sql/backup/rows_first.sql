-- The first rows of {table}, with their keys as text.
SELECT ARRAY[{key_texts}] AS key, to_jsonb(t)::text AS row
FROM {table} t
ORDER BY {keys}
LIMIT $1
