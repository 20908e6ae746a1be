-- The newest migration that this database has had; the table is refinery's.
select coalesce(max(version), 0)::bigint as version
from refinery_schema_history
