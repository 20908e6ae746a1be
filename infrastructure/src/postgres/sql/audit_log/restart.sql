-- The rows of a space go, and its log is read again from the beginning. A space that was not read yet gets its checkpoint here: a
-- projector that comes to it meanwhile waits for this commit, and reads what is there then. One that is being erased gets none.
WITH restarted AS (
    INSERT INTO checkpoints (space_id, projection, position, fold_version, clearing)
    SELECT h.space_id, $2, 0, 0, true
    FROM heads h
    WHERE h.space_id = $1 AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = $1)
    ON CONFLICT (space_id, projection) DO UPDATE SET position = 0, clearing = true
    RETURNING space_id, projection
)
INSERT INTO behind (space_id, projection, position)
SELECT space_id, projection, 0
FROM restarted
ON CONFLICT (space_id, projection, position) DO NOTHING
