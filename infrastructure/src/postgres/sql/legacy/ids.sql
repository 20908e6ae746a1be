-- The live entities of a space that have these integer ids: a skill, a goal and a task.
SELECT
    (SELECT s.id FROM skills s WHERE s.space_id = $1 AND s.legacy_id = $2 AND s.deleted_at IS NULL LIMIT 1) AS skill,
    (SELECT g.id FROM goals g WHERE g.space_id = $1 AND g.legacy_id = $3 AND g.deleted_at IS NULL LIMIT 1) AS goal,
    (SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.legacy_id = $4 AND t.deleted_at IS NULL LIMIT 1) AS task
