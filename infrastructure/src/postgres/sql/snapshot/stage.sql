-- A page of {table} by id, and where the space stands, as of one moment: the standing repeats on every row, rows may
-- be absent. Columns, not documents: to write a row as JSON costs the database more than to find it. No order on the
-- outside, for which the database would hold all rows back: there is one standing, and the page beside it has its order.
SELECT coalesce(h.epoch, system.epoch) AS epoch, coalesce(h.position, 0) AS position,
    coalesce(h.repairs, 0) AS repairs, page.id IS NOT NULL AS found, {shown}
FROM system
LEFT JOIN heads h ON h.space_id = $1
LEFT JOIN LATERAL (
    SELECT {columns}
    FROM {table} t
    WHERE t.space_id = $1 AND t.id >= $2 AND t.deleted_at IS NULL AND {stage}
    ORDER BY t.id
    LIMIT $3
) page ON true
