INSERT INTO {table}
SELECT *
FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)
