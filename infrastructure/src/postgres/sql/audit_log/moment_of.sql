SELECT e.recorded_at FROM events e WHERE e.space_id = ? AND e.position = {position}
