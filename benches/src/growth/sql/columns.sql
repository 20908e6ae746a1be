SELECT a.attname::text AS name, format_type(a.atttypid, NULL) AS kind
FROM pg_attribute a
WHERE a.attrelid = to_regclass($1::text) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
