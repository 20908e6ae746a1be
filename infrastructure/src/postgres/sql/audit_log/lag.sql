-- When the oldest event was recorded that the projection has not read in some of these spaces.
SELECT min(e.recorded_at) AS oldest
FROM unnest($2::uuid[]) AS asked (space_id)
LEFT JOIN checkpoints c ON c.space_id = asked.space_id AND c.projection = $1
JOIN events e ON e.space_id = asked.space_id AND e.position = coalesce(c.position, 0) + 1
