-- The newest rebuilds before one, by id, which is by age.
SELECT rebuild_id
FROM rebuilds
WHERE rebuild_id < $1
ORDER BY rebuild_id DESC
LIMIT $2
