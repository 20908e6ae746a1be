-- The next rows of a space that are to go.
DELETE FROM audit_log
WHERE space_id = $1 AND (position, field) IN (
    SELECT position, field
    FROM audit_log
    WHERE space_id = $1
    ORDER BY position, field
    LIMIT $2
)
