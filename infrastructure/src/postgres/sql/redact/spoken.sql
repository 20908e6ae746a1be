-- Rows of {table} whose {column} may speak of a text, as it is ($2) or as JSON writes it ($3). `$4`: those that were looked at
-- and do not.
SELECT t.ctid::text AS place, t.{column}::text AS said
FROM {table} t
WHERE t.space_id = $1 AND (strpos(t.{column}::text, $2) > 0 OR strpos(t.{column}::text, $3) > 0)
ORDER BY t.ctid
OFFSET $4
LIMIT $5
