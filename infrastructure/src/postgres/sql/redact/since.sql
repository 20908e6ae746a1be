-- Spaces of which something was taken out since a revision.
SELECT space_id, revision
FROM redactions
WHERE revision > $1
ORDER BY revision
LIMIT 1000
