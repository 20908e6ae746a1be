-- What is here of an account with this id and this address.
SELECT
    EXISTS (SELECT FROM erasures e WHERE e.account_id = $1) AS erased,
    EXISTS (SELECT FROM accounts a WHERE a.account_id = $1) AS has_id,
    EXISTS (SELECT FROM accounts a WHERE a.account_id = $1 AND lower(a.email) = lower($2)) AS has_both,
    EXISTS (SELECT FROM accounts a WHERE a.account_id <> $1 AND lower(a.email) = lower($2)) AS has_address
