-- The checkpoint of a space, held while its rows are written, unless another projector holds it. Nothing that is written
-- under it is worth a wait for the disk: after a crash the same is read again.
SELECT position, fold_version, clearing, set_config('synchronous_commit', 'off', true) AS durability
FROM checkpoints c
WHERE space_id = $1 AND projection = $2
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = c.space_id)
FOR UPDATE OF c SKIP LOCKED
