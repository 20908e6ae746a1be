-- The checkpoints of these spaces, held while their rows are written; those that another projector holds are left to it. Nothing
-- that is written under them is worth a wait for the disk: after a crash the same is read again.
SELECT c.space_id, c.position, c.fold_version, c.clearing, set_config('synchronous_commit', 'off', true) AS durability
FROM checkpoints c
WHERE c.space_id = ANY ($1::uuid[]) AND c.projection = $2
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = c.space_id)
FOR UPDATE OF c SKIP LOCKED
