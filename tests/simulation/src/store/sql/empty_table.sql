DELETE FROM {table}
WHERE space_id = $1
