-- Columns of documents in tables of spaces: whatever table comes, nothing is forgotten. The log and the current rows ($1) have
-- rules of their own.
SELECT tables.relname::text AS name, columns.attname::text AS column
FROM pg_attribute columns
JOIN pg_class tables ON tables.oid = columns.attrelid
JOIN pg_namespace spaces ON spaces.oid = tables.relnamespace
WHERE spaces.nspname = current_schema() AND tables.relkind IN ('r', 'p') AND NOT tables.relispartition
    AND tables.relname <> ALL ($1::text[])
    AND NOT columns.attisdropped AND columns.attnum > 0
    AND columns.atttypid = 'jsonb'::regtype
    AND EXISTS (
        SELECT FROM pg_attribute owner
        WHERE owner.attrelid = tables.oid AND owner.attname = 'space_id' AND NOT owner.attisdropped
    )
ORDER BY 1, 2
