-- Rows were taken; nobody else took any meanwhile.
UPDATE log_imports
SET rows = rows + $4
WHERE space_id = $1 AND source = $2 AND rows = $3
