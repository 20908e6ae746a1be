-- All rows of days that have few: the days first, whatever the planner takes their share of the space to be.
looked_at AS MATERIALIZED (
    SELECT of_days.position
    FROM (SELECT position FROM activity WHERE space_id = $1 AND day BETWEEN $8 AND $9 OFFSET 0) of_days
    WHERE of_days.position < $2
    ORDER BY of_days.position DESC
    LIMIT $3
)
