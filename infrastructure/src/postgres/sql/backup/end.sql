-- What came of it.
UPDATE backups
SET ended_at = $2, name = $3, spaces = $4, events = $5, bytes = $6, fault = $7
WHERE backup_id = $1
