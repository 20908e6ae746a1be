SELECT c.relname::text AS name, pg_table_size(c.oid) AS rows_bytes, pg_indexes_size(c.oid) AS index_bytes
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'space_id' AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_table_size(c.oid) > 65536
ORDER BY pg_total_relation_size(c.oid) DESC
