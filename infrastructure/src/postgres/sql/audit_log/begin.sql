-- Spaces that the projection has not read yet get their checkpoints; those that are being erased get none. In order, since another
-- projector may make the same.
INSERT INTO checkpoints (space_id, projection, fold_version)
SELECT h.space_id, $2, $3
FROM heads h
WHERE h.space_id = ANY ($1::uuid[])
    AND NOT EXISTS (SELECT FROM checkpoints c WHERE c.space_id = h.space_id AND c.projection = $2)
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
ORDER BY h.space_id
ON CONFLICT (space_id, projection) DO NOTHING
