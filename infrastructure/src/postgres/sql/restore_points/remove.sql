DELETE FROM restore_points
WHERE space_id = $1 AND id = $2
