DELETE FROM log_imports
WHERE space_id = $1
