-- A row of {table} says what is left.
UPDATE {table} t
SET {column} = $3::text::{type}
WHERE t.space_id = $1 AND t.ctid = $2::text::tid
