SELECT DISTINCT aggregate_type, aggregate_id
FROM events
WHERE space_id = $1 AND position BETWEEN $2 AND $3
