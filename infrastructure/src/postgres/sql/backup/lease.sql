-- Until when somebody has the turn.
SELECT until
FROM backup_lease
