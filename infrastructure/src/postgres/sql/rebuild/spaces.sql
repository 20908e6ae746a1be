SELECT space_id
FROM heads
WHERE $1::uuid IS NULL OR space_id > $1
ORDER BY space_id
LIMIT $2
