-- Up to where the projection has read a space; nothing while its rows are being made anew. What a newer version of the fold has
-- read is read.
SELECT position
FROM checkpoints
WHERE space_id = $1 AND projection = $2 AND fold_version >= $3 AND NOT clearing
