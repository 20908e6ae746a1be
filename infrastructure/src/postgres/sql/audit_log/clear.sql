-- The next rows of these spaces that are to go.
DELETE FROM audit_log
WHERE (space_id, recorded_at, position) IN (
    SELECT space_id, recorded_at, position
    FROM audit_log
    WHERE space_id = ANY ($1::uuid[])
    ORDER BY space_id, recorded_at, position
    LIMIT $2
)
