-- The next heads, and a digest of what can change in a space beside its log.
SELECT h.space_id, h.position, md5(concat_ws('|', h::text,
        (SELECT string_agg(d::text, '|' ORDER BY d.device_id) FROM space_devices d WHERE d.space_id = h.space_id),
        (SELECT string_agg(r.transaction_id::text, '|' ORDER BY r.transaction_id)
            FROM rejections r WHERE r.space_id = h.space_id),
        (SELECT string_agg(p::text, '|' ORDER BY p.id) FROM restore_points p WHERE p.space_id = h.space_id)
    )) AS digest
FROM heads h
WHERE h.space_id > $1
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
ORDER BY h.space_id
LIMIT $2
