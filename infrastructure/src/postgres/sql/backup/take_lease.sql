-- The turn, if it is nobody's or one's own. One that is further ahead ($4) than anybody takes it comes from a clock that was set.
UPDATE backup_lease
SET holder = $1, until = $2
WHERE holder = $1 OR until < $3 OR until > $4
RETURNING holder
