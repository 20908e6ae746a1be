SELECT d.space_id, d.device_id, d.last_seq, d.last_ms, d.last_counter
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (space_id, device_id)
JOIN space_devices d ON d.space_id = wanted.space_id AND d.device_id = wanted.device_id{one:d}
