-- A row of {table} takes over what was changed in its document.
UPDATE {table} t
SET {assignments}
FROM jsonb_populate_record(NULL::{table}, $3::text::jsonb) n
WHERE t.space_id = $1 AND t.id = $2
