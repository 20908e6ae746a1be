-- The next space of a stretch of ids: its head and what it knows of devices, as of one moment.
WITH next AS (
    SELECT h.space_id
    FROM heads h
    WHERE h.space_id > $1 AND h.space_id <= $2
        AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
    ORDER BY h.space_id
    LIMIT 1
)
SELECT h.space_id, h.position, h.hash, h.recorded_at, h.repairs, to_jsonb(h)::text AS head, (to_jsonb(d) - 'space_id')::text AS device
FROM next
JOIN heads h ON h.space_id = next.space_id
LEFT JOIN space_devices d ON d.space_id = h.space_id
ORDER BY d.device_id
