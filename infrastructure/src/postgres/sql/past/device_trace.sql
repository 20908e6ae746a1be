-- How far a device has read, as far as it said so; a device that only signed in has said nothing.
SELECT known.device_id, s.acked_position, s.last_synced_at
FROM (
    SELECT device_id FROM devices WHERE account_id = $1 AND device_id = $2
    UNION
    SELECT device_id FROM space_devices WHERE space_id = $1 AND device_id = $2
) known
LEFT JOIN space_devices s ON s.space_id = $1 AND s.device_id = known.device_id
