-- The next integer that a space gives.
SELECT legacy_next
FROM heads
WHERE space_id = $1
