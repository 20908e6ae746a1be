-- What is here of a space that ends in an export at a position with a hash.
SELECT
    EXISTS (SELECT FROM erasures e WHERE e.account_id = $1) AS erased,
    EXISTS (SELECT FROM heads h WHERE h.space_id = $1) AS has_head,
    $2::bigint = 0 OR EXISTS (SELECT FROM events e WHERE e.space_id = $1 AND e.position = $2 AND e.hash = $3) AS has_all,
    EXISTS (SELECT FROM accounts a WHERE a.account_id = $1) AS has_account
