-- Events of a space after a position, up to another.
SELECT e.position, (to_jsonb(e) - 'space_id')::text AS row
FROM events e
WHERE e.space_id = $1 AND e.position > $2 AND e.position <= $3
ORDER BY e.position
LIMIT $4
