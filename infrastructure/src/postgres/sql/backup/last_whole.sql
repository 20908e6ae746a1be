-- The newest that is whole.
SELECT backup_id, name, cause, began_at, ended_at, spaces, events, bytes, fault
FROM backups
WHERE name IS NOT NULL
ORDER BY began_at DESC
LIMIT 1
