-- The rows of {table} of one user.
SELECT to_jsonb(t) AS row
FROM {table} t
WHERE t.{column}::text = $1
ORDER BY {order}
