-- Accounts that were erased: what of them comes with a backup is left out, or taken away.
INSERT INTO erasures (account_id, requested_at, finished_at)
SELECT listed.account_id, listed.requested_at, $3
FROM unnest($1::uuid[], $2::bigint[]) AS listed (account_id, requested_at)
ON CONFLICT (account_id) DO NOTHING
