-- A device keeps everything up to this position, which never goes back. An ack that says nothing new is written down at
-- most once a minute, so that the moment is true without a write for each. Nothing is kept of a space that is being
-- erased.
INSERT INTO space_devices AS d (space_id, device_id, acked_position, last_synced_at)
SELECT $1, $2, $3, $4
WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = $1)
ON CONFLICT (space_id, device_id) DO UPDATE
SET acked_position = greatest(d.acked_position, excluded.acked_position),
    last_synced_at = greatest(d.last_synced_at, excluded.last_synced_at)
WHERE d.acked_position IS DISTINCT FROM greatest(d.acked_position, excluded.acked_position)
   OR d.last_synced_at IS NULL
   OR d.last_synced_at + 60000 <= excluded.last_synced_at
