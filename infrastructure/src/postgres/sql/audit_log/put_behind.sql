-- There is more to read in these spaces.
INSERT INTO behind (space_id, projection, position)
SELECT more.space_id, $2, more.position
FROM unnest($1::uuid[], $3::bigint[]) AS more (space_id, position)
ON CONFLICT (space_id, projection, position) DO NOTHING
