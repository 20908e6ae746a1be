-- The next rows of a space in {table}.
DELETE FROM {table}
WHERE space_id = $1 AND ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE space_id = $1 LIMIT $2))
