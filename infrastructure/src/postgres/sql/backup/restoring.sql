-- The restore that has not ended.
SELECT name, sha256, epoch
FROM restores
