-- A page of {table}, and where the space stands, as of one moment: the standing repeats on every row, rows may be absent.
-- Rows become JSON only once the page is cut.
WITH page AS MATERIALIZED (
    SELECT t.id, {sort} AS key
    FROM {table} t
    WHERE t.space_id = $1{conditions}
    ORDER BY {sort} {direction} NULLS LAST, t.id {direction}
    LIMIT $2
)
SELECT coalesce(h.epoch, system.epoch) AS epoch, coalesce(h.position, 0) AS position,
    coalesce(h.repairs, 0) AS repairs, hero.time_zone, found.entity
FROM system
LEFT JOIN heads h ON h.space_id = $1
LEFT JOIN heroes hero ON hero.space_id = $1 AND hero.id = $1
LEFT JOIN (
    SELECT page.id, page.key, to_jsonb(t) AS entity
    FROM page
    JOIN {table} t ON t.space_id = $1 AND t.id = page.id
) found ON true
ORDER BY found.key {direction} NULLS LAST, found.id {direction}
