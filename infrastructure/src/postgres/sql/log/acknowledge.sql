-- A device keeps everything up to this position. It never goes back.
INSERT INTO space_devices AS d (space_id, device_id, acked_position)
VALUES ($1, $2, $3)
ON CONFLICT (space_id, device_id) DO UPDATE
SET acked_position = greatest(d.acked_position, excluded.acked_position)
WHERE d.acked_position IS DISTINCT FROM greatest(d.acked_position, excluded.acked_position)
