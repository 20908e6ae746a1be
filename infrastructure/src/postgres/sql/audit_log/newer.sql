-- How many of these spaces a newer version of the fold has read: they are that program's to read on.
SELECT count(*) AS spaces
FROM checkpoints
WHERE space_id = ANY ($1::uuid[]) AND projection = $2 AND fold_version > $3
