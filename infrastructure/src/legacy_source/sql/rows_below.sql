-- The rows of {table} that belong to rows of {parent} of one user; {row} is what is taken of a row. Deployments gave the two
-- columns different types.
SELECT {row} AS row
FROM {table} t
WHERE t.{column}::text IN (SELECT p.id::text FROM {parent} p WHERE p.user_id::text = $1)
ORDER BY {order}
