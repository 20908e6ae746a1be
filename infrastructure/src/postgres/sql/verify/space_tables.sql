-- Every table of this schema that holds rows of spaces.
select tables.relname::text as name
from pg_attribute columns
join pg_class tables on tables.oid = columns.attrelid
join pg_namespace spaces on spaces.oid = tables.relnamespace
where columns.attname = 'space_id' and not columns.attisdropped
    and tables.relkind in ('r', 'p') and not tables.relispartition
    and spaces.nspname = current_schema()
order by name
