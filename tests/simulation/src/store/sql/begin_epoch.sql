UPDATE heads
SET epoch_before = epoch, epoch = $2, epoch_began = position
WHERE space_id = $1
