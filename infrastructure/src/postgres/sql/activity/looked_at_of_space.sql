looked_at AS MATERIALIZED (
    SELECT position
    FROM activity
    WHERE space_id = $1 AND position < $2
    ORDER BY position DESC
    LIMIT $3
)
