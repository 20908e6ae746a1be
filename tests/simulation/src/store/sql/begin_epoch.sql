UPDATE heads
SET epoch = $2
WHERE space_id = $1
