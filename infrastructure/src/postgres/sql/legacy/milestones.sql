-- Milestones of a space as clients of API v1 are shown them, with their place among those of their goal, and where
-- the space stands, as of one moment.
SELECT coalesce(h.epoch, system.epoch) AS epoch, coalesce(h.position, 0) AS position, coalesce(h.repairs, 0) AS repairs,
    h.hash, coalesce(h.recorded_at, 0) AS recorded_at, hero.time_zone, coalesce(a.legacy_user_id, a.account_id::text) AS user_id,
    found.entity, found.linked
FROM system
LEFT JOIN heads h ON h.space_id = $1
LEFT JOIN heroes hero ON hero.space_id = $1 AND hero.id = $1
LEFT JOIN accounts a ON a.account_id = $1
LEFT JOIN LATERAL (
    SELECT to_jsonb(t) - ARRAY['stamps', 'taken'] AS entity, t.rank, t.id,
        jsonb_build_object('goal', g.legacy_id, 'order', (
            SELECT count(*)
            FROM milestones m
            WHERE m.space_id = $1 AND m.goal_id = t.goal_id AND m.deleted_at IS NULL AND (m.rank, m.id) < (t.rank, t.id)
        )) AS linked
    FROM milestones t
    JOIN goals g ON g.space_id = $1 AND g.id = t.goal_id
    WHERE t.space_id = $1{condition}
) found ON true
ORDER BY found.rank, found.id
