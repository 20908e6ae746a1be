-- There is more to read in the space.
INSERT INTO behind (space_id, projection, position)
VALUES ($1, $2, $3)
ON CONFLICT (space_id, projection, position) DO NOTHING
