-- The columns of a table, and whether a row has to name them.
SELECT a.attname AS name, a.attnotnull AND NOT a.atthasdef AS is_required
FROM pg_attribute a
WHERE a.attrelid = to_regclass($1::text) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
