INSERT INTO {table} AS live ({columns})
SELECT {columns}
FROM {shadow}
WHERE space_id = $1 AND ({key}) IN (SELECT {key} FROM jsonb_populate_recordset(NULL::{table}, $2::text::jsonb))
ON CONFLICT ({key}) DO UPDATE SET {assignments}
