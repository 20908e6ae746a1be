-- Which of these integers entities of {table} have, apart from some entities.
SELECT t.legacy_id
FROM {table} t
WHERE t.space_id = $1 AND t.legacy_id = ANY ($2) AND NOT t.id = ANY ($3)
