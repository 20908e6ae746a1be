-- Refused transactions of every space, the newest first, behind the last of the page before. What was sent is measured, not read.
SELECT space_id, transaction_id, device_id, decided_at, code, octet_length(sent) AS bytes
FROM rejections
WHERE {code} AND decided_at >= $2 AND decided_at < $3 AND (decided_at, space_id, transaction_id) < ($4, $5::uuid, $6::uuid)
ORDER BY decided_at DESC, space_id DESC, transaction_id DESC
LIMIT $7
