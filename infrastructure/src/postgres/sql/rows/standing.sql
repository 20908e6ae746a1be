SELECT coalesce(h.epoch, system.epoch) AS epoch, coalesce(h.position, 0) AS position,
    coalesce(h.repairs, 0) AS repairs, hero.time_zone
FROM system
LEFT JOIN heads h ON h.space_id = $1
LEFT JOIN heroes hero ON hero.space_id = $1 AND hero.id = $1
