-- An account as clients of API v1 are shown it; nothing in it is secret.
SELECT coalesce(legacy_user_id, account_id::text) AS user_id, email, first_name, last_name, profile_image_url,
    deletion_requested_at, erase_after, created_at,
    greatest(created_at, verified_at, locked_at, deletion_requested_at) AS updated_at
FROM accounts
WHERE account_id = $1
