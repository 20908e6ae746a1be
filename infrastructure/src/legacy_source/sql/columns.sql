-- Every column that there is.
SELECT c.table_name::text AS table_name, c.column_name::text AS column_name
FROM information_schema.columns c
WHERE c.table_schema = current_schema()
