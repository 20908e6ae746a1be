-- How many rows an export of a stretch of spaces has at least.
SELECT count(*) AS spaces, coalesce(sum(h.position), 0)::bigint AS events
FROM heads h
WHERE h.space_id > $1 AND h.space_id <= $2
