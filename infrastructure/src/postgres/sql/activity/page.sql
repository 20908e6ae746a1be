-- Of the rows that are looked at, those that are wanted, the newest first, with the events behind them; how many were looked at
-- and the last of them repeats on every row, or stands alone. `$1` the space, `$2` rows below this position, `$3` rows to look
-- at, `$4` rows at most; wanted of each: `$5` kind, `$6` entity, `$7` actions, `$8` and `$9` first and last day.
WITH {looked_at}, shown AS MATERIALIZED (
    SELECT a.position, a.at, a.day, a.action, a.entity, a.entity_id, a.title, a.category, a.difficulty, a.skill_id, a.xp,
        a.balls, a.minutes, a.cycles, a.level, a.details
    FROM looked_at l
    -- Row by row, by key: nothing but what is looked at is read.
    CROSS JOIN LATERAL (
        SELECT position, at, day, action, entity, entity_id, title, category, difficulty, skill_id, xp, balls, minutes, cycles,
            level, details
        FROM activity
        WHERE space_id = $1 AND position = l.position
        LIMIT 1
    ) a
    WHERE ($5::text IS NULL OR a.entity = $5)
        AND ($6::uuid IS NULL OR a.entity_id = $6)
        AND (cardinality($7::text[]) = 0 OR a.action = ANY ($7))
        AND ($8::date IS NULL OR a.day >= $8)
        AND ($9::date IS NULL OR a.day <= $9)
    ORDER BY a.position DESC
    LIMIT $4
)
SELECT looked.looked_at, looked.lowest, s.position, s.at, s.day, s.action, s.entity, s.entity_id, s.title, s.category,
    s.difficulty, s.skill_id, s.xp, s.balls, s.minutes, s.cycles, s.level, s.details, e.recorded_at, e.transaction_id,
    e.device_id, e.metadata ->> 'cause' AS cause
FROM (SELECT count(*) AS looked_at, min(l.position) AS lowest FROM looked_at l) looked
LEFT JOIN (shown s JOIN events e ON e.space_id = $1 AND e.position = s.position) ON true
ORDER BY s.position DESC
