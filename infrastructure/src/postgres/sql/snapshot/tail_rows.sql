
        SELECT '{kind}' AS kind, t.position, to_jsonb(t) AS entity
        FROM named
        JOIN {table} t ON t.space_id = $1 AND t.id = named.aggregate_id
        WHERE named.aggregate_type = '{kind}'
