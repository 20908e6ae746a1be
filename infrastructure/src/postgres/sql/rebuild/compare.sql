-- Rows of a chunk that are not what the log says, with their keys as text.
SELECT to_jsonb(live) AS live, to_jsonb(rebuilt) AS rebuilt, {texts}
FROM (SELECT {columns} FROM {table} WHERE space_id = $1 AND {after} AND {upto}) live
FULL JOIN (SELECT {columns} FROM {shadow} WHERE space_id = $1 AND {after} AND {upto}) rebuilt USING ({key})
WHERE live IS DISTINCT FROM rebuilt
ORDER BY {key}
