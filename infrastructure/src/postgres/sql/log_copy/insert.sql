INSERT INTO {table} (space_id, {columns})
SELECT $1, {columns}
FROM jsonb_populate_recordset(NULL::{table}, $2::text::jsonb)
