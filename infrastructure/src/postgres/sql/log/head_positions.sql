SELECT space_id, position
FROM heads
WHERE space_id = ANY ($1)
