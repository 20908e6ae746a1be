-- Rows of {table}; of those that are there already, such as a row that the schema begins with, the given ones count.
INSERT INTO {table} ({columns})
SELECT {columns}
FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)
ON CONFLICT ({keys}) DO UPDATE SET ({columns}) = ROW({excluded})
