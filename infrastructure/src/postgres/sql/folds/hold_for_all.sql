-- From now on these versions hold for all spaces that are not named.
UPDATE projection_folds f
SET fold_version = known.version, wanted = greatest(f.wanted, known.version)
FROM unnest($1::text[], $2::bigint[]) AS known (projection, version)
WHERE f.projection = known.projection AND f.fold_version <> known.version
