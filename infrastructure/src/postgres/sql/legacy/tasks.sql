-- Tasks of a space as clients of API v1 are shown them, and where the space stands, as of one moment.
SELECT coalesce(h.epoch, system.epoch) AS epoch, coalesce(h.position, 0) AS position, coalesce(h.repairs, 0) AS repairs,
    h.hash, coalesce(h.recorded_at, 0) AS recorded_at, hero.time_zone, coalesce(a.legacy_user_id, a.account_id::text) AS user_id,
    found.entity, found.linked
FROM system
LEFT JOIN heads h ON h.space_id = $1
LEFT JOIN heroes hero ON hero.space_id = $1 AND hero.id = $1
LEFT JOIN accounts a ON a.account_id = $1
LEFT JOIN LATERAL (
    SELECT to_jsonb(t) - ARRAY['stamps', 'taken'] AS entity, t.created_at, t.id,
        jsonb_build_object('skill', s.legacy_id, 'goal', g.legacy_id, 'parent', p.legacy_id) AS linked
    FROM tasks t
    LEFT JOIN skills s ON s.space_id = $1 AND s.id = t.skill_id
    LEFT JOIN goals g ON g.space_id = $1 AND g.id = t.goal_id
    LEFT JOIN tasks p ON p.space_id = $1 AND p.id = t.parent_id
    WHERE t.space_id = $1{condition}
) found ON true
ORDER BY found.created_at DESC, found.id DESC
