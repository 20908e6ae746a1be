-- The space is being read on. A row that an append holds at this moment stays: what it writes may not be seen yet.
DELETE FROM behind
WHERE space_id = $1 AND projection = $2 AND position = ANY (ARRAY(
    SELECT position
    FROM behind
    WHERE space_id = $1 AND projection = $2
    FOR UPDATE SKIP LOCKED
))
