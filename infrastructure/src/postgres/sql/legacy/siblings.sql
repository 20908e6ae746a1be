-- The live milestones of a goal (`$2`) but one (`$3`), from the one before a place (`$4`) on: at most `$5`, with their own
-- places.
SELECT sibling.id, sibling.rank, sibling.place
FROM (
    SELECT m.id, m.rank, row_number() OVER (ORDER BY m.rank, m.id) - 1 AS place, count(*) OVER () AS total
    FROM milestones m
    WHERE m.space_id = $1 AND m.goal_id = $2 AND m.deleted_at IS NULL AND m.id <> $3
) sibling
WHERE sibling.place >= least($4::bigint, sibling.total) - 1
ORDER BY sibling.place
LIMIT $5
