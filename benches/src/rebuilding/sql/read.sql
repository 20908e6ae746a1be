SELECT space_id, position, event_type, payload::text AS payload
FROM events
ORDER BY space_id, position
