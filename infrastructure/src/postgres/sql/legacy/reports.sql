-- The days of a space's hero from `$2` to `$3`, the latest first, with what was done on each by task or goal, and where the
-- space stands, as of one moment.
SELECT coalesce(h.epoch, system.epoch) AS epoch, coalesce(h.position, 0) AS position, coalesce(h.repairs, 0) AS repairs,
    hero.time_zone, coalesce(a.legacy_user_id, a.account_id::text) AS user_id, found.day, found.completions, found.minutes,
    found.balls, found.cycles, found.last_position, found.began_at, found.ended_at, found.parts
FROM system
LEFT JOIN heads h ON h.space_id = $1
LEFT JOIN heroes hero ON hero.space_id = $1 AND hero.id = $1
LEFT JOIN accounts a ON a.account_id = $1
LEFT JOIN LATERAL (
    SELECT coalesce(stored.day, done.day) AS day, coalesce(stored.completions, 0) AS completions,
        coalesce(stored.minutes, 0) AS minutes, coalesce(stored.balls, 0) AS balls, coalesce(done.cycles, 0) AS cycles,
        done.last_position, done.began_at, done.ended_at, done.parts
    FROM (
        SELECT day, completions, minutes, balls
        FROM days
        WHERE space_id = $1 AND entity_id = $1 AND day BETWEEN $2 AND $3
    ) stored
    FULL JOIN (
        SELECT of_one.day, max(of_one.last_position) AS last_position, min(of_one.began_at) AS began_at,
            max(of_one.ended_at) AS ended_at, sum(of_one.cycles)::bigint AS cycles,
            jsonb_agg(
                jsonb_build_object(
                    'legacy_id', coalesce(t.legacy_id, g.legacy_id), 'title', of_one.title, 'minutes', of_one.minutes,
                    'balls', of_one.balls, 'cycles', of_one.cycles
                )
                ORDER BY of_one.first_position
            ) FILTER (WHERE coalesce(t.legacy_id, g.legacy_id) IS NOT NULL) AS parts
        FROM (
            SELECT day, entity, entity_id, min(position) AS first_position, max(position) AS last_position,
                min(at) AS began_at, max(at) AS ended_at, sum(minutes)::bigint AS minutes, sum(balls)::bigint AS balls,
                sum(cycles)::bigint AS cycles, (array_agg(title ORDER BY position DESC))[1] AS title
            FROM activity
            WHERE space_id = $1 AND day BETWEEN $2 AND $3
            GROUP BY day, entity, entity_id
        ) of_one
        LEFT JOIN tasks t ON t.space_id = $1 AND t.id = of_one.entity_id AND of_one.entity = 'task'
        LEFT JOIN goals g ON g.space_id = $1 AND g.id = of_one.entity_id AND of_one.entity = 'goal'
        GROUP BY of_one.day
    ) done ON done.day = stored.day
) found ON true
ORDER BY found.day DESC
