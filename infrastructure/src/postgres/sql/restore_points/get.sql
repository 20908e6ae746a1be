SELECT id, name, position, hash, recorded_at, created_at, created_by, automatic
FROM restore_points
WHERE space_id = $1 AND id = $2
