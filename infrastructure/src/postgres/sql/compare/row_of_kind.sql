WHEN '{kind}' THEN (SELECT to_jsonb(t) FROM {table} t WHERE t.space_id = $1 AND t.id = page.id)
