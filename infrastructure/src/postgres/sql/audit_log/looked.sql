-- Somebody looked at what these accounts wrote: an entry for each, and none for one that is gone. The shared locks make an
-- erasure wait, so that none is written behind its back.
INSERT INTO security_log (entry_id, account_id, at, act, actor_id, actor_role, about)
SELECT looked.entry_id, a.account_id, $3, $4, (SELECT account_id FROM accounts WHERE account_id = $5 FOR KEY SHARE), $6, $7
FROM unnest($1::uuid[], $2::uuid[]) AS looked (entry_id, account_id)
JOIN accounts a ON a.account_id = looked.account_id
FOR KEY SHARE OF a
