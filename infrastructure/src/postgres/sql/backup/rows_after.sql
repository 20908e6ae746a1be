-- The next rows of {table} behind a key.
SELECT ARRAY[{key_texts}] AS key, to_jsonb(t)::text AS row
FROM {table} t
WHERE ({keys}) > ({bounds})
ORDER BY {keys}
LIMIT $1
