UPDATE system
SET turning = NULL
WHERE epoch = $1
