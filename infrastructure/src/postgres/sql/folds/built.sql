-- A space was built with these versions. While they hold for all, nothing is noted but the end of an exception.
INSERT INTO space_folds AS s (space_id, folds)
SELECT h.space_id, $2::text::jsonb
FROM heads h
WHERE h.space_id = $1
    AND ($3 OR EXISTS (SELECT FROM space_folds WHERE space_id = $1))
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
ON CONFLICT (space_id) DO UPDATE SET folds = s.folds || excluded.folds
