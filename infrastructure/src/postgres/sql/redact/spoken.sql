-- Rows of {table} whose {column} may speak of a text: they hold one of its traces ($2). `$3`: those that were looked at and do
-- not.
SELECT t.ctid::text AS place, t.{column}::text AS said
FROM {table} t
WHERE t.space_id = $1
    AND EXISTS (SELECT FROM unnest($2::text[]) AS known (trace) WHERE strpos(t.{column}::text, known.trace) > 0)
ORDER BY t.ctid
OFFSET $3
LIMIT $4
