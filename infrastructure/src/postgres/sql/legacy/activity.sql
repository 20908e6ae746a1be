-- The newest `$3` rows of a space's activity of these actions (`$2`), or named by another system, with the integer ids of
-- task and skill (of those that are no more, too), and where the space stands, as of one moment.
SELECT coalesce(h.epoch, system.epoch) AS epoch, coalesce(h.position, 0) AS position, coalesce(h.repairs, 0) AS repairs,
    hero.time_zone, coalesce(a.legacy_user_id, a.account_id::text) AS user_id, found.row_position, found.at, found.action,
    found.entity, found.title, found.xp, found.balls, found.minutes, found.cycles, found.level,
    found.details, found.estimated_minutes,
    found.task, found.skill
FROM system
LEFT JOIN heads h ON h.space_id = $1
LEFT JOIN heroes hero ON hero.space_id = $1 AND hero.id = $1
LEFT JOIN accounts a ON a.account_id = $1
LEFT JOIN LATERAL (
    SELECT newest.position AS row_position, newest.at, newest.action, newest.entity, newest.title, newest.xp, newest.balls,
        newest.minutes, newest.cycles, newest.level, newest.details, t.estimated_minutes, t.legacy_id AS task, s.legacy_id AS skill
    FROM (
        SELECT position, at, action, entity, entity_id, title, skill_id, xp, balls, minutes, cycles, level,
            details
        FROM activity
        WHERE space_id = $1 AND (action = ANY ($2::text[]) OR details -> 'legacy' ? 'action')
        ORDER BY position DESC
        LIMIT $3
    ) newest
    LEFT JOIN tasks t ON t.space_id = $1 AND t.id = newest.entity_id AND newest.entity = 'task'
    LEFT JOIN skills s ON s.space_id = $1
        AND s.id = CASE newest.entity WHEN 'skill' THEN newest.entity_id ELSE newest.skill_id END
) found ON true
ORDER BY found.at DESC, found.row_position DESC
