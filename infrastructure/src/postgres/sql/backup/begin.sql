INSERT INTO backups (backup_id, cause, began_at)
VALUES ($1, $2, $3)
