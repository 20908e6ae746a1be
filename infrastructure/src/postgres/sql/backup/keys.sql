-- The columns of a table's primary key, in its order, and their types. Nothing for a table that is not there.
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
FROM pg_index i
CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
WHERE i.indrelid = to_regclass($1::text) AND i.indisprimary
ORDER BY k.place
