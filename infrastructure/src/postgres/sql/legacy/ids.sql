-- Ids of live entities of a kind in the order in which API v1 lists them, with how much is read with each and with all up to
-- it.
SELECT t.id, {weight} AS own, sum({weight}) OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING)::bigint AS weight
FROM {table} t
WHERE t.space_id = $1 AND t.deleted_at IS NULL{condition}
ORDER BY weight
