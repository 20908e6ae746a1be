-- Whether somebody has the turn. One that is further ahead than anybody takes it comes from a clock that was set.
SELECT until BETWEEN $1 AND $2 AS is_taken
FROM backup_lease
