SELECT epoch
FROM system
