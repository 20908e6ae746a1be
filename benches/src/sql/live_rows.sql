SELECT to_jsonb(t)::text AS entity
FROM {table} t
WHERE t.space_id = $1 AND t.deleted_at IS NULL
