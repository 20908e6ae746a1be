-- The newest, whatever came of them.
SELECT backup_id, name, cause, began_at, ended_at, spaces, events, bytes, fault
FROM backups
ORDER BY began_at DESC
LIMIT $1
