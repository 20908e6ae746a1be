DELETE FROM {table}
WHERE space_id = $1 AND ({key}) IN (SELECT {key} FROM jsonb_populate_recordset(NULL::{table}, $2::text::jsonb))
