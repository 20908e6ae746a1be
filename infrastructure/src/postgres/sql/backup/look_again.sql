-- As if they had been finished just now: what is there of them is looked for.
UPDATE erasures
SET finished_at = $1
WHERE finished_at IS NOT NULL
