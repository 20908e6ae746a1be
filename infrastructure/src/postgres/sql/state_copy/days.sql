-- Days of a space by entity, kind and date, and where the space stands, as of one moment: the standing repeats on every row,
-- days may be absent.
SELECT coalesce(h.position, 0) AS position, page.entity, page.entity_id, page.day, page.entry
FROM system
LEFT JOIN heads h ON h.space_id = $1
LEFT JOIN LATERAL (
    SELECT d.entity, d.entity_id, d.day, to_jsonb(d) AS entry
    FROM days d
    WHERE d.space_id = $1 AND (d.entity_id, d.entity, d.day) > ($2, $3, coalesce($4, '-infinity'::date))
    ORDER BY d.entity_id, d.entity, d.day
    LIMIT $5
) page ON true
ORDER BY page.entity_id, page.entity, page.day
