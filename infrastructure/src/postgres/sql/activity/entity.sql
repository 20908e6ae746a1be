-- Which kind that keeps days a space has under this id, tombstones too; the hero first.
SELECT 'hero' AS entity
FROM heroes
WHERE space_id = $1 AND id = $2
UNION ALL
SELECT 'task' AS entity
FROM tasks
WHERE space_id = $1 AND id = $2
