-- Spaces that a rebuild had to leave as they were keep the versions that held for all.
INSERT INTO space_folds AS s (space_id, folds)
SELECT left_out.space_id, coalesce((
    SELECT jsonb_object_agg(known.projection, coalesce(f.fold_version, 0))
    FROM unnest($2::text[]) AS known (projection)
    LEFT JOIN projection_folds f ON f.projection = known.projection
), '{}')
FROM rebuild_spaces left_out
WHERE left_out.rebuild_id = $1 AND left_out.damaged
ON CONFLICT (space_id) DO UPDATE SET folds = excluded.folds || s.folds
