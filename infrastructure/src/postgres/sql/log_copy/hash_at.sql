-- The chain's hash at a position.
SELECT e.hash
FROM events e
WHERE e.space_id = $1 AND e.position = $2
