, new_{table} AS (
    INSERT INTO {table} AS t ({columns})
    SELECT {columns}
    FROM jsonb_populate_recordset(NULL::{table}, ${parameter}::text::jsonb)
    WHERE space_id IN (SELECT space_id FROM locked)
    ON CONFLICT ({key}) DO UPDATE SET {assignments}
)
