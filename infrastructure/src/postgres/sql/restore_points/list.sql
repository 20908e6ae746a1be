SELECT id, name, position, hash, recorded_at, created_at, created_by, automatic
FROM restore_points
WHERE space_id = $1
ORDER BY position DESC, created_at DESC, id
