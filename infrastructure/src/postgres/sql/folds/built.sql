-- A space was built with these versions. While they hold for all, nothing is noted but the end of an exception; and nothing at
-- all once a newer program wants others.
INSERT INTO space_folds AS s (space_id, folds)
SELECT h.space_id, $2::text::jsonb
FROM heads h
WHERE h.space_id = $1
    AND ($3 OR EXISTS (SELECT space_id FROM space_folds WHERE space_id = $1))
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
    AND NOT EXISTS (
        SELECT built.projection
        FROM jsonb_each_text($2::text::jsonb) AS built (projection, version)
        JOIN projection_folds f ON f.projection = built.projection
        WHERE f.wanted > built.version::bigint
    )
ON CONFLICT (space_id) DO UPDATE SET folds = s.folds || excluded.folds
