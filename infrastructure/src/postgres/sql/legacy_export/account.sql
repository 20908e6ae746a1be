-- An account as the legacy system knew it, with the hash that it can check, and the digest of one that it cannot; where its log
-- stands. Nobody who was erased goes back.
SELECT a.email, a.first_name, a.last_name, a.profile_image_url,
    CASE WHEN a.password_hash LIKE '$2%' THEN a.password_hash ELSE a.legacy_password_hash END AS legacy_hash,
    encode(sha256(convert_to(a.password_hash, 'UTF8')), 'hex') AS password_digest,
    a.created_at, a.deletion_requested_at, a.erase_after, h.position, encode(h.hash, 'hex') AS hash
FROM accounts a
LEFT JOIN heads h ON h.space_id = a.account_id
WHERE a.account_id = $1 AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = a.account_id)
