-- The newest first; `$2` and `$3`: the last of the page before.
SELECT transaction_id, device_id, decided_at, problem, sent
FROM rejections
WHERE space_id = $1 AND ($2::bigint IS NULL OR (decided_at, transaction_id) < ($2, $3::uuid))
ORDER BY decided_at DESC, transaction_id DESC
LIMIT $4
