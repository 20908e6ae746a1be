-- The life of the logs, and the one before it.
SELECT epoch, epoch_before
FROM system
