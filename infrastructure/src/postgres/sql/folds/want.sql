-- A newer fold is there; one that this database does not know yet was never built. Where nothing was ever written, nothing has
-- to be built.
INSERT INTO projection_folds AS f (projection, fold_version, wanted)
SELECT known.projection, CASE WHEN EXISTS (SELECT FROM heads) THEN 0 ELSE known.version END, known.version
FROM unnest($1::text[], $2::bigint[]) AS known (projection, version)
ON CONFLICT (projection) DO UPDATE
SET wanted = excluded.wanted,
    fold_version = CASE WHEN EXISTS (SELECT FROM heads) THEN f.fold_version ELSE excluded.wanted END
WHERE f.wanted < excluded.wanted OR f.fold_version < excluded.wanted AND NOT EXISTS (SELECT FROM heads)
