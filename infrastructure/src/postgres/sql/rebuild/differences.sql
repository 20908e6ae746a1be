-- What differed, in the order of its keys.
SELECT space_id, table_name, key, how, columns
FROM rebuild_differences
WHERE rebuild_id = $1
ORDER BY space_id, table_name, key
LIMIT $2
