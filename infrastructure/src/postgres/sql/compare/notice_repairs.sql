-- One repair too many: when the oldest that counts was, and whether support was told since $4.
UPDATE checksum_repairs r
SET noticed_at = CASE WHEN before.is_new THEN $3 ELSE r.noticed_at END
FROM (
    SELECT space_id, device_id, noticed_at IS NULL OR noticed_at <= $4 OR noticed_at > $3 AS is_new
    FROM checksum_repairs
    WHERE space_id = $1 AND device_id = $2
    FOR UPDATE
) before
WHERE r.space_id = before.space_id AND r.device_id = before.device_id
RETURNING before.is_new,
    (SELECT min(moment) FROM unnest(r.moments) AS moment WHERE moment > $4 AND moment <= $3) AS oldest
