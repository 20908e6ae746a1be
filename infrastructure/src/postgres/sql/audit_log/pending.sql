-- The next spaces that the projection has something to read in.
SELECT DISTINCT space_id
FROM behind
WHERE projection = $1 AND ($2::uuid IS NULL OR space_id > $2)
ORDER BY space_id
LIMIT $3
