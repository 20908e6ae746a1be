-- What an event of an entity says.
SELECT payload
FROM events
WHERE space_id = $1 AND position = $2 AND aggregate_type = $3 AND aggregate_id = $4
