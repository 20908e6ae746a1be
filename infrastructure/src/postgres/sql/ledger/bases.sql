-- The chain's hash at positions that writers had read up to. One that is archived has none any more.
SELECT wanted.space_id, wanted.position, e.hash
FROM unnest($1::uuid[], $2::bigint[]) AS wanted (space_id, position)
JOIN heads h ON h.space_id = wanted.space_id{one:h}
LEFT JOIN events e ON e.space_id = wanted.space_id AND e.position = wanted.position{one:e}
WHERE e.hash IS NOT NULL OR wanted.position <= h.floor
