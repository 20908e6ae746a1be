-- A space that the projection has not read yet gets its checkpoint; one that is being erased gets none.
INSERT INTO checkpoints (space_id, projection, fold_version)
SELECT h.space_id, $2, $3
FROM heads h
WHERE h.space_id = $1
    AND NOT EXISTS (SELECT FROM checkpoints c WHERE c.space_id = $1 AND c.projection = $2)
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = $1)
ON CONFLICT (space_id, projection) DO NOTHING
