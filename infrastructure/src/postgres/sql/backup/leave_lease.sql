UPDATE backup_lease
SET until = 0
WHERE holder = $1
