-- One of {table}, and where the space stands, as of one moment; the row may be absent.
SELECT coalesce(h.epoch, system.epoch) AS epoch, coalesce(h.position, 0) AS position,
    coalesce(h.repairs, 0) AS repairs, hero.time_zone, found.entity
FROM system
LEFT JOIN heads h ON h.space_id = $1
LEFT JOIN heroes hero ON hero.space_id = $1 AND hero.id = $1
LEFT JOIN LATERAL (
    SELECT to_jsonb(t) AS entity
    FROM {table} t
    WHERE t.space_id = $1 AND t.id = $2
) found ON true
