-- A device keeps everything up to this position. It never goes back. Nothing is kept of a space that is being erased.
INSERT INTO space_devices AS d (space_id, device_id, acked_position)
SELECT $1, $2, $3
WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = $1)
ON CONFLICT (space_id, device_id) DO UPDATE
SET acked_position = greatest(d.acked_position, excluded.acked_position)
WHERE d.acked_position IS DISTINCT FROM greatest(d.acked_position, excluded.acked_position)
