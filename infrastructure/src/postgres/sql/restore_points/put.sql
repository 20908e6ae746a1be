INSERT INTO restore_points (space_id, id, name, position, hash, recorded_at, created_at, created_by, automatic)
SELECT $1::uuid, $2::uuid, $3::text, $4::bigint, $5::bytea, $6::bigint, $7::bigint, $8::uuid, $9::boolean
WHERE (SELECT count(*) FROM restore_points WHERE space_id = $1) < $10::bigint
ON CONFLICT (space_id, id) DO NOTHING
