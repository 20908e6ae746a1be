-- The turn, if it is nobody's or one's own.
UPDATE backup_lease
SET holder = $1, until = $2
WHERE holder = $1 OR until < $3
RETURNING holder
