-- The hero of a space, from which clients of API v1 are shown stats and profile, and where the space stands, as of one
-- moment.
SELECT coalesce(h.epoch, system.epoch) AS epoch, coalesce(h.position, 0) AS position, coalesce(h.repairs, 0) AS repairs,
    h.hash, coalesce(h.recorded_at, 0) AS recorded_at, hero.time_zone, coalesce(a.legacy_user_id, a.account_id::text) AS user_id,
    found.entity, found.linked
FROM system
LEFT JOIN heads h ON h.space_id = $1
LEFT JOIN heroes hero ON hero.space_id = $1 AND hero.id = $1
LEFT JOIN accounts a ON a.account_id = $1
LEFT JOIN LATERAL (
    SELECT to_jsonb(t) AS entity, '{}'::jsonb AS linked
    FROM heroes t
    WHERE t.space_id = $1 AND t.id = $1{condition}
) found ON true
