-- These spaces are being read on. A row that an append holds at this moment stays: what it writes may not be seen yet.
WITH free AS MATERIALIZED (
    SELECT space_id, position
    FROM behind
    WHERE space_id = ANY ($1::uuid[]) AND projection = $2
    FOR UPDATE SKIP LOCKED
)
DELETE FROM behind b
USING free
WHERE b.space_id = free.space_id AND b.projection = $2 AND b.position = free.position
