SELECT attname::text AS name, format_type(atttypid, atttypmod) AS kind
FROM pg_attribute
WHERE attrelid = to_regclass($1::text) AND attnum > 0 AND NOT attisdropped
ORDER BY attnum
