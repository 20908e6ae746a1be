-- Brings the next heads into the present life; those that are in it stay. What is remembered of a space is doubtful then,
-- which `repairs` tells.
WITH chunk AS MATERIALIZED (
    SELECT h.space_id
    FROM heads h
    WHERE h.space_id > $1
    ORDER BY h.space_id
    LIMIT $2
    FOR UPDATE OF h
), turned AS (
    UPDATE heads h
    SET epoch = s.epoch, repairs = h.repairs + 1,
        epoch_before = CASE WHEN s.turning = 'from_head' AND h.epoch = s.epoch_before THEN h.epoch END,
        epoch_began = CASE WHEN s.turning = 'from_head' THEN h.position ELSE 0 END
    FROM system s
    WHERE h.space_id IN (SELECT space_id FROM chunk) AND h.epoch <> s.epoch
    RETURNING h.space_id
)
SELECT c.space_id, (SELECT count(*) FROM turned) AS turned
FROM chunk c
ORDER BY c.space_id DESC
LIMIT 1
