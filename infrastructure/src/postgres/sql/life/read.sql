SELECT epoch, beats, turning
FROM system
