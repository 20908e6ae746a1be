SELECT c.relname || '.' || x.relname AS name, 0::bigint AS rows_bytes, pg_relation_size(x.oid) AS index_bytes
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'space_id' AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_relation_size(x.oid) > 65536
ORDER BY index_bytes DESC, name
