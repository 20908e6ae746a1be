SELECT space_id
FROM log_imports
ORDER BY space_id
LIMIT $1
