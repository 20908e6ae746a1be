-- How many rows some days have, counted up to $4.
SELECT count(*) AS held
FROM (SELECT FROM activity WHERE space_id = $1 AND day BETWEEN $2 AND $3 LIMIT $4) counted
