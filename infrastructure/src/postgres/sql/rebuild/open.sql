-- The rebuild that has not ended, if there is one.
SELECT rebuild_id
FROM rebuilds
WHERE state IN ('running', 'paused', 'cancelling')
