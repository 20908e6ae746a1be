-- Refused transactions of every space, the newest first, behind the last of the page before.
SELECT space_id, transaction_id, device_id, decided_at, code, octet_length(sent) AS bytes, problem, sent
FROM rejections
WHERE {account} AND {code} AND decided_at >= $3 AND decided_at < $4
    AND (decided_at, space_id, transaction_id) < ($5, $6::uuid, $7::uuid)
ORDER BY decided_at DESC, space_id DESC, transaction_id DESC
LIMIT $8
