-- What the newest events of an entity say that a device wrote.
SELECT payload
FROM events
WHERE space_id = $1 AND aggregate_type = $2 AND aggregate_id = $3 AND device_id = $4
ORDER BY sequence DESC
LIMIT $5
