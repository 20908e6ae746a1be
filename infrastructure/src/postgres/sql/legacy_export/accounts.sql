-- Accounts by id, as the legacy system knew them, with the hash that it can check. Nobody who was erased goes back.
SELECT a.account_id, a.legacy_user_id, a.email, a.first_name, a.last_name, a.profile_image_url,
    CASE WHEN a.password_hash LIKE '$2%' THEN a.password_hash ELSE a.legacy_password_hash END AS legacy_hash,
    a.created_at, a.deletion_requested_at, a.erase_after
FROM accounts a
WHERE a.account_id > $1 AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = a.account_id)
ORDER BY a.account_id
LIMIT $2
