-- Accounts by id, as the legacy system names them. Nobody who was erased goes back.
SELECT a.account_id, a.legacy_user_id, a.email
FROM accounts a
WHERE a.account_id > $1 AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = a.account_id)
ORDER BY a.account_id
LIMIT $2
