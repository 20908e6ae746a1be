-- The sums of buckets, and the head, as of one moment: the head repeats on every row; buckets without a live row, and all of
-- them when the head is not at $2, are absent. Sums are exact here, whatever their size; they wrap in code.
WITH head AS MATERIALIZED (
    SELECT coalesce(h.space_id, $1) AS space_id, coalesce(h.epoch, system.epoch) AS epoch,
        coalesce(h.position, 0) AS position, coalesce(h.hash, decode(repeat('00', 32), 'hex')) AS hash,
        coalesce(h.legacy_next, 1) AS legacy_next, coalesce(h.live_entities, 0) AS live_entities,
        coalesce(h.checksum, 0) AS checksum, coalesce(h.recorded_at, 0) AS recorded_at,
        coalesce(h.repairs, 0) AS repairs
    FROM system
    LEFT JOIN heads h ON h.space_id = $1
), asked AS MATERIALIZED (
    SELECT kind, suffix, number
    FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS sent (kind, suffix, number)
)
SELECT head.space_id, head.epoch, head.position, head.hash, head.legacy_next, head.live_entities, head.checksum,
    head.recorded_at, head.repairs, found.number, found.sum, found.count
FROM head
LEFT JOIN ({kinds}
) found ON true
