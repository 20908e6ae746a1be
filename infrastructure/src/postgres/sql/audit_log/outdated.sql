-- Spaces whose rows an older version of the fold made are to be read again; the last of those that were found.
WITH outdated AS (
    SELECT space_id
    FROM checkpoints
    WHERE projection = $1 AND fold_version < $2 AND ($3::uuid IS NULL OR space_id > $3)
    ORDER BY space_id
    LIMIT $4
), told AS (
    INSERT INTO behind (space_id, projection, position)
    SELECT space_id, $1, 0
    FROM outdated
    ON CONFLICT (space_id, projection, position) DO NOTHING
)
SELECT space_id
FROM outdated
ORDER BY space_id DESC
LIMIT 1
