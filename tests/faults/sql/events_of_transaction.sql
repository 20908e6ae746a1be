SELECT min(position) AS first_position, max(position) AS last_position, count(*) AS events
FROM events
WHERE space_id = $1 AND transaction_id = $2
