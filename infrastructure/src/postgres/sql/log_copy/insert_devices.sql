INSERT INTO devices (account_id, {columns})
SELECT $1, {columns}
FROM jsonb_populate_recordset(NULL::devices, $2::text::jsonb)
