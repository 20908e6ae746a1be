-- The days of an entity up to one of them.
SELECT day, completions, minutes, balls, xp, (completion ->> 'moment')::bigint AS completed_at
FROM days
WHERE space_id = $1 AND entity_id = $2 AND entity = $3 AND day <= $4
ORDER BY day
