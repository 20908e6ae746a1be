-- Rows of {table} by space and id, as JSON.
SELECT t.space_id, t.id, jsonb_strip_nulls(to_jsonb(t)) AS entity, {days} AS days
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (space_id, id)
JOIN {table} t ON t.space_id = wanted.space_id AND t.id = wanted.id{one:t}
