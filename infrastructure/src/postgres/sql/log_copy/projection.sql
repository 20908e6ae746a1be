INSERT INTO {table} AS live ({columns})
SELECT {columns}
FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)
ON CONFLICT ({key}) DO UPDATE SET {assignments}
