-- The events of an entity behind a sequence, in order.
SELECT position, sequence, payload, fields
FROM events
WHERE space_id = $1 AND aggregate_type = $2 AND aggregate_id = $3 AND sequence > $4
ORDER BY sequence
LIMIT $5
