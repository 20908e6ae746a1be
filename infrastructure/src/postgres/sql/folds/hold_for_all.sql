-- From now on these versions hold for all spaces that are not named, unless a newer program wants others.
INSERT INTO projection_folds AS f (projection, fold_version, wanted)
SELECT known.projection, known.version, known.version
FROM unnest($1::text[], $2::bigint[]) AS known (projection, version)
ON CONFLICT (projection) DO UPDATE
SET fold_version = excluded.fold_version, wanted = excluded.wanted
WHERE f.wanted <= excluded.wanted AND f.fold_version <> excluded.fold_version
