-- How an account with this id and one with this address stand here.
SELECT
    (SELECT a.time_zone FROM accounts a WHERE a.account_id = $1) AS time_zone,
    EXISTS (SELECT FROM erasures e WHERE e.account_id = $1) AS erased,
    EXISTS (SELECT FROM accounts a WHERE a.account_id <> $1 AND lower(a.email) = lower($2)) AS has_address
