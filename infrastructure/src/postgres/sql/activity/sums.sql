-- The activity of some days, added up.
SELECT day, action, entity, category, difficulty, skill_id, count(*) AS times, sum(xp)::bigint AS xp,
    sum(cycles)::bigint AS cycles
FROM activity
WHERE space_id = $1 AND day BETWEEN $2 AND $3
GROUP BY day, action, entity, category, difficulty, skill_id
