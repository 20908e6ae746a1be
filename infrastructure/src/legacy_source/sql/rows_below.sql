-- The rows of {table} that belong to rows of {parent} of one user.
SELECT to_jsonb(t) AS row
FROM {table} t
WHERE t.{column} IN (SELECT p.id FROM {parent} p WHERE p.user_id::text = $1)
ORDER BY {order}
