-- Accounts by id, as the legacy system knew them.
SELECT a.account_id, a.legacy_user_id, a.email, a.first_name, a.last_name, a.profile_image_url, a.password_hash,
    a.created_at, a.deletion_requested_at, a.erase_after
FROM accounts a
WHERE a.account_id > $1
ORDER BY a.account_id
LIMIT $2
