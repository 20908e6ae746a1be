-- A space that is being imported, held against whoever goes on with it.
SELECT space_id
FROM log_imports
WHERE space_id = $1
FOR UPDATE
