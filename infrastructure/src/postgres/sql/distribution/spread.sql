SELECT c.relname::text AS name
FROM {catalog} p
JOIN pg_class c ON c.oid = p.logicalrelid
