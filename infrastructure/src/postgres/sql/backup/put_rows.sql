-- Rows of {table} that are not there yet.
INSERT INTO {table} ({columns})
SELECT {columns}
FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)
ON CONFLICT DO NOTHING
