-- Between which positions the rows of some days lie: a look into the index at either end of each day.
SELECT max(newest.position) AS highest, min(oldest.position) AS lowest
FROM generate_series(0, $3::date - $2::date) AS days (number)
CROSS JOIN LATERAL (
    SELECT position
    FROM activity
    WHERE space_id = $1 AND day = $2::date + days.number
    ORDER BY position DESC
    LIMIT 1
) newest
CROSS JOIN LATERAL (
    SELECT position
    FROM activity
    WHERE space_id = $1 AND day = $2::date + days.number
    ORDER BY position
    LIMIT 1
) oldest
