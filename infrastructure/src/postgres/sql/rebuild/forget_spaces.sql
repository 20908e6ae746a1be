DELETE FROM rebuild_spaces
WHERE rebuild_id = $1
