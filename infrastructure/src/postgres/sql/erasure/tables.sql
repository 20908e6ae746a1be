-- Every table that holds rows of a space or of an account, the shadows of a rebuild among them: found by its column, so that
-- a new one cannot be forgotten. Those that have an order or a rule of their own are left out; tables that others refer to come
-- last.
select format('%I.%I', spaces.nspname, tables.relname) as name, columns.attname as owner
from pg_attribute columns
join pg_class tables on tables.oid = columns.attrelid
join pg_namespace spaces on spaces.oid = tables.relnamespace
where columns.attname in ('space_id', 'account_id')
    and not columns.attisdropped
    and tables.relkind in ('r', 'p')
    and not tables.relispartition
    and (
        spaces.nspname = 'rebuild'
        or spaces.nspname = current_schema()
        and tables.relname not in ('heads', 'accounts', 'devices', 'sessions', 'security_log', 'erasures')
    )
order by (select count(*) from pg_constraint keys where keys.confrelid = tables.oid), name
