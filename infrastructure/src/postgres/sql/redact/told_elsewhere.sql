-- The row of {table} of a line that an import told the hero, in the words that its event has now.
UPDATE {table} shown
SET title = $3, details = jsonb_set(shown.details, ARRAY['legacy'], $4::jsonb)
WHERE shown.space_id = $1 AND shown.position = $2
