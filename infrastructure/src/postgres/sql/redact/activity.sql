-- Rows of {table} about an entity that call it $4 call it $5. Its events say where they are.
UPDATE {table} shown
SET title = $5
FROM events e
WHERE shown.space_id = e.space_id AND shown.position = e.position AND shown.title = $4
    AND e.space_id = $1 AND e.aggregate_type = $2 AND e.aggregate_id = $3
