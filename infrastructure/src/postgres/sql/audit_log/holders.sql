-- Which spaces have rows with an id in {column}: the first $2 of them, each by one descent of the index, however many rows it has.
WITH RECURSIVE holders AS (
    (
        SELECT space_id
        FROM audit_log
        WHERE {column} = $1
        ORDER BY space_id
        LIMIT 1
    )
    UNION ALL
    SELECT next.space_id
    FROM holders
    CROSS JOIN LATERAL (
        SELECT a.space_id
        FROM audit_log a
        WHERE a.{column} = $1 AND a.space_id > holders.space_id
        ORDER BY a.space_id
        LIMIT 1
    ) next
)
SELECT space_id
FROM holders
LIMIT $2
