-- Another life, unless another process has begun one meanwhile. The number goes beyond what was seen of the lost future, so
-- that nobody notices the same restore twice.
UPDATE system
SET epoch = $2, epoch_before = epoch, beats = greatest(beats, $3) + 1, turning = $4
WHERE epoch = $1
RETURNING epoch
