-- Every table that holds rows of a space, found by its column; not the shadows of a rebuild, which takes them away itself.
SELECT format('%I.%I', spaces.nspname, tables.relname) AS name
FROM pg_attribute columns
JOIN pg_class tables ON tables.oid = columns.attrelid
JOIN pg_namespace spaces ON spaces.oid = tables.relnamespace
WHERE columns.attname = 'space_id' AND NOT columns.attisdropped
    AND tables.relkind = 'r' AND spaces.nspname = current_schema()
    AND tables.relname NOT IN ('heads', 'log_imports')
ORDER BY name
