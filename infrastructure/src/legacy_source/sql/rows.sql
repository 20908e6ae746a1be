-- The rows of {table} of one user; {row} is what is taken of a row.
SELECT {row} AS row
FROM {table} t
WHERE t.{column}::text = $1
ORDER BY {order}
