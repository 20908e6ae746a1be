-- What a pass found, counted; kept as long as there is room.
WITH counted AS (
    UPDATE rebuild_spaces
    SET differences = differences + cardinality($3::text[])
    WHERE rebuild_id = $1 AND space_id = $2
)
INSERT INTO rebuild_differences (rebuild_id, space_id, table_name, key, how, columns)
SELECT $1, $2, found.table_name, found.key, found.how, ARRAY(SELECT jsonb_array_elements_text(found.columns::jsonb))
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS found (table_name, key, how, columns)
WHERE (SELECT count(*) FROM rebuild_differences WHERE rebuild_id = $1) < $7
ON CONFLICT (rebuild_id, space_id, table_name, key) DO NOTHING
