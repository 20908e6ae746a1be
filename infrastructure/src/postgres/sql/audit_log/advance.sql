UPDATE checkpoints
SET position = $3, fold_version = $4, clearing = $5
WHERE space_id = $1 AND projection = $2
