-- The last key of the next chunk of rows, live and rebuilt taken together, and how many rows that are.
SELECT {texts}, count(*) OVER () AS rows
FROM (
    (SELECT {keys} FROM {table} WHERE space_id = $1 AND {after} ORDER BY {keys} LIMIT {limit})
    UNION
    (SELECT {keys} FROM {shadow} WHERE space_id = $1 AND {after} ORDER BY {keys} LIMIT {limit})
    ORDER BY {keys}
    LIMIT {limit}
) chunk
ORDER BY {descending}
LIMIT 1
