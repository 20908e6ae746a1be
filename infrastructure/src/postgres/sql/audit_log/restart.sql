-- The rows of a space go, and its log is read again from the beginning.
WITH restarted AS (
    UPDATE checkpoints
    SET position = 0, clearing = true
    WHERE space_id = $1 AND projection = $2
    RETURNING space_id, projection
)
INSERT INTO behind (space_id, projection, position)
SELECT space_id, projection, 0
FROM restarted
ON CONFLICT (space_id, projection, position) DO NOTHING
