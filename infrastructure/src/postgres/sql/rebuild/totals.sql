SELECT count(*) AS spaces, coalesce(sum(position), 0)::bigint AS events
FROM heads
WHERE $1::uuid IS NULL OR space_id = $1
