-- Spaces that a rebuild had to leave as they were keep the versions that held for all.
INSERT INTO space_folds AS s (space_id, folds)
SELECT left_out.space_id, (
    SELECT jsonb_object_agg(f.projection, f.fold_version) FROM projection_folds f WHERE f.projection = ANY ($2::text[])
)
FROM rebuild_spaces left_out
WHERE left_out.rebuild_id = $1 AND left_out.damaged
ON CONFLICT (space_id) DO UPDATE SET folds = excluded.folds || s.folds
