-- What was done in a space, behind a position, with the line of the legacy log that it came from.
SELECT a.position, a.at, a.action, a.entity, a.entity_id, a.skill_id, a.title, a.xp, a.balls, a.minutes, a.cycles,
    a.details -> 'legacy' AS legacy, (e.payload #>> '{change,activity_imported,legacy_id}')::bigint AS line
FROM activity a
JOIN events e ON e.space_id = a.space_id AND e.position = a.position
WHERE a.space_id = $1 AND a.position > $2
ORDER BY a.position
LIMIT $3
