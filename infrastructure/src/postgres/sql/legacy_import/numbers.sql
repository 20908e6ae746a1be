-- Which of these integers entities of a space have, apart from some entities.
SELECT given.kind, given.legacy_id
FROM (
    SELECT 'task' AS kind, t.legacy_id, t.id FROM tasks t WHERE t.space_id = $1 AND t.legacy_id = ANY ($2)
    UNION ALL
    SELECT 'goal', g.legacy_id, g.id FROM goals g WHERE g.space_id = $1 AND g.legacy_id = ANY ($2)
    UNION ALL
    SELECT 'milestone', m.legacy_id, m.id FROM milestones m WHERE m.space_id = $1 AND m.legacy_id = ANY ($2)
    UNION ALL
    SELECT 'skill', s.legacy_id, s.id FROM skills s WHERE s.space_id = $1 AND s.legacy_id = ANY ($2)
) given
WHERE NOT given.id = ANY ($3)
