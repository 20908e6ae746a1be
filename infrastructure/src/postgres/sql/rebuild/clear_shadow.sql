DELETE FROM {shadow}
WHERE space_id = $1
