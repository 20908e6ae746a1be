-- Whom an erasure is about, after an id.
SELECT e.account_id, e.requested_at
FROM erasures e
WHERE e.account_id > $1
ORDER BY e.account_id
LIMIT $2
