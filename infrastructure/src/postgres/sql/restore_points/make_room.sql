-- The oldest that was made automatically leaves when there are as many as may be.
DELETE FROM restore_points
WHERE space_id = $1 AND id = (
    SELECT id
    FROM restore_points
    WHERE space_id = $1 AND automatic
        AND (SELECT count(*) FROM restore_points WHERE space_id = $1) >= $2
    ORDER BY created_at, id
    LIMIT 1
)
