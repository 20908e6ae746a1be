SELECT DISTINCT aggregate_id
FROM replay.events
ORDER BY aggregate_id
