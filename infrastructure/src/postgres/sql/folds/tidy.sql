-- Spaces whose versions are those that hold for all need no row; some at a time, after a space.
WITH page AS MATERIALIZED (
    SELECT s.space_id, s.folds
    FROM space_folds s
    WHERE s.space_id > $1
    ORDER BY s.space_id
    LIMIT $2
), needless AS (
    DELETE FROM space_folds gone
    USING page
    WHERE gone.space_id = page.space_id AND NOT EXISTS (
        SELECT
        FROM jsonb_each_text(page.folds) AS built (projection, version)
        LEFT JOIN projection_folds f ON f.projection = built.projection
        WHERE built.version::bigint IS DISTINCT FROM f.fold_version
    )
)
SELECT page.space_id
FROM page
ORDER BY page.space_id DESC
LIMIT 1
