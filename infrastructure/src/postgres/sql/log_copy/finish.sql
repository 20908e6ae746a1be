DELETE FROM log_imports
WHERE space_id = $1 AND source = $2 AND rows = $3
