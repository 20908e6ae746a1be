-- The import of a space, begun or gone on with.
INSERT INTO log_imports AS i (space_id, source)
VALUES ($1, $2)
ON CONFLICT (space_id) DO UPDATE SET source = i.source
RETURNING i.source, i.rows
