SELECT space_id
FROM heads h
WHERE ($1::uuid IS NULL OR space_id > $1)
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id AND e.finished_at IS NULL)
ORDER BY space_id
LIMIT $2
