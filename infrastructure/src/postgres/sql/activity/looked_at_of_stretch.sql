-- Days that have many rows are walked by position, down to where their first row is ($10).
looked_at AS MATERIALIZED (
    SELECT position
    FROM activity
    WHERE space_id = $1 AND position < $2 AND position >= $10
    ORDER BY position DESC
    LIMIT $3
)
