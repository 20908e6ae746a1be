, new_{table} AS (
    INSERT INTO {table} AS t ({columns})
    SELECT {columns}
    FROM unnest(${parameter}::{table}[]) AS n
    WHERE space_id IN (SELECT space_id FROM locked)
    ON CONFLICT ({key}) DO UPDATE SET {assignments}
)
