-- The checkpoints of these spaces, held while their rows are written; those that another projector holds are left to it, and those that a newer
-- program has read by a version of the fold that this one does not know. Nothing that is written under them is worth a wait for the disk: after a crash the same is read again.
SELECT c.space_id, c.position, c.fold_version, c.clearing, set_config('synchronous_commit', 'off', true) AS durability
FROM checkpoints c
WHERE c.space_id = ANY ($1::uuid[]) AND c.projection = $2 AND c.fold_version <= $3
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = c.space_id)
FOR UPDATE OF c SKIP LOCKED
