-- Nobody asks for what is so old.
DELETE FROM backups
WHERE began_at < $1
