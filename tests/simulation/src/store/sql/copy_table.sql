SELECT jsonb_agg(to_jsonb(t))::text AS copied
FROM {table} t
WHERE t.space_id = $1
