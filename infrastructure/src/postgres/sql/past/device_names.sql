SELECT device_id, device_name
FROM devices
WHERE account_id = $1 AND device_id = ANY ($2::uuid[])
