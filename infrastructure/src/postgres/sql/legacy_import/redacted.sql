-- Out of which fields of a space something was taken.
SELECT DISTINCT aggregate_type, aggregate_id, field
FROM redactions
WHERE space_id = $1
