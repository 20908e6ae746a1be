-- The entities of buckets that are not as the reader holds them, and the head, as of one moment: the head repeats on every
-- row; entities may be absent, and are when the head is not at $2. One that never was has no row.
WITH head AS MATERIALIZED (
    SELECT coalesce(h.space_id, $1) AS space_id, coalesce(h.epoch, system.epoch) AS epoch,
        coalesce(h.position, 0) AS position, coalesce(h.hash, decode(repeat('00', 32), 'hex')) AS hash,
        coalesce(h.legacy_next, 1) AS legacy_next, coalesce(h.live_entities, 0) AS live_entities,
        coalesce(h.checksum, 0) AS checksum, coalesce(h.recorded_at, 0) AS recorded_at,
        coalesce(h.repairs, 0) AS repairs
    FROM system
    LEFT JOIN heads h ON h.space_id = $1
), asked AS MATERIALIZED (
    SELECT kind, suffix
    FROM unnest($3::text[], $4::text[]) AS sent (kind, suffix)
), held AS MATERIALIZED (
    SELECT kind, id, checksum
    FROM unnest($5::text[], $6::uuid[], $7::bigint[]) AS sent (kind, id, checksum)
), page AS MATERIALIZED (
    SELECT kind, id
    FROM ({kinds}
    ) differing
    ORDER BY kind, id
    LIMIT $8
)
SELECT head.space_id, head.epoch, head.position, head.hash, head.legacy_next, head.live_entities, head.checksum,
    head.recorded_at, head.repairs, page.kind, page.id, CASE page.kind {rows} END AS entity
FROM head
LEFT JOIN page ON true
ORDER BY page.kind, page.id
