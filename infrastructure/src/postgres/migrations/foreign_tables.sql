-- Tables in the way of a first migration: those of the schema that new tables go to, without what extensions brought.
SELECT
    (to_regclass('refinery_schema_history') IS NOT NULL) AS known,
    array(
        SELECT table_class.relname::text
        FROM pg_class AS table_class
        WHERE table_class.relnamespace = current_schema()::regnamespace
          AND table_class.relkind IN ('r', 'p')
          AND NOT EXISTS (
              SELECT FROM pg_depend AS dependency
              WHERE dependency.classid = 'pg_class'::regclass
                AND dependency.objid = table_class.oid
                AND dependency.deptype = 'e'
          )
        ORDER BY table_class.relname
        LIMIT 5
    ) AS tables
