-- The checkpoint of a space, when whoever holds it has let it go.
SELECT position, fold_version, clearing, set_config('synchronous_commit', 'off', true) AS durability
FROM checkpoints c
WHERE space_id = $1 AND projection = $2
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = c.space_id)
FOR UPDATE OF c
