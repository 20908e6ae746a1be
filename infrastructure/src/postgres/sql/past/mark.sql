SELECT hash, recorded_at
FROM events
WHERE space_id = $1 AND position = $2
