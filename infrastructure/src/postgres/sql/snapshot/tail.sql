-- The rows whose last event is the next in the log, and the head, as of one moment: the head repeats on every row, rows
-- may be absent. An entity that the log names again after this stretch belongs to a later page.
WITH head AS (
    SELECT coalesce(h.space_id, $1) AS space_id, coalesce(h.epoch, system.epoch) AS epoch,
        coalesce(h.position, 0) AS position, coalesce(h.hash, decode(repeat('00', 32), 'hex')) AS hash,
        coalesce(h.legacy_next, 1) AS legacy_next, coalesce(h.live_entities, 0) AS live_entities,
        coalesce(h.checksum, 0) AS checksum, coalesce(h.recorded_at, 0) AS recorded_at,
        coalesce(h.repairs, 0) AS repairs
    FROM system
    LEFT JOIN heads h ON h.space_id = $1
), stretch AS MATERIALIZED (
    SELECT position, aggregate_type, aggregate_id
    FROM events
    WHERE space_id = $1 AND position > $2
    ORDER BY position
    LIMIT $3
), named AS MATERIALIZED (
    SELECT aggregate_type, aggregate_id
    FROM stretch
    GROUP BY aggregate_type, aggregate_id
), stretch_end AS (
    SELECT coalesce(max(position), $2) AS position
    FROM stretch
), page AS MATERIALIZED (
    SELECT kind, position, entity
    FROM ({rows}
    ) found
    WHERE position <= (SELECT position FROM stretch_end)
    ORDER BY position
    LIMIT $4
), reach AS (
    SELECT CASE WHEN count(*) < $4 THEN (SELECT position FROM stretch_end) ELSE max(position) END AS position
    FROM page
)
SELECT head.space_id, head.epoch, head.position, head.hash, head.legacy_next, head.live_entities, head.checksum,
    head.recorded_at, head.repairs, reach.position AS reached,
    CASE WHEN reach.position = head.position THEN ({counts}) END AS counts,
    page.kind, page.entity
FROM head
CROSS JOIN reach
LEFT JOIN page ON true
ORDER BY page.position
