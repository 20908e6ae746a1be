UPDATE checkpoints c
SET position = read.position, fold_version = $4, clearing = $5
FROM unnest($1::uuid[], $3::bigint[]) AS read (space_id, position)
WHERE c.space_id = read.space_id AND c.projection = $2
