-- The columns of a table, and the place of each in its primary key, which is in the order of the index. `shape` is that of
-- `snapshot/shape.sql`.
SELECT a.attname AS name, array_position(i.indkey::smallint[], a.attnum) AS place, c.oid::bigint * 65536 + c.relnatts AS shape
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = to_regclass($1::text) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
