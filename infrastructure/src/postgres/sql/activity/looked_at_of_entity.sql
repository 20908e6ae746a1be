-- All events of the entity: the log knows them by its key.
looked_at AS MATERIALIZED (
    SELECT position
    FROM events
    WHERE space_id = $1 AND aggregate_type = $5 AND aggregate_id = $6 AND position < $2
    ORDER BY sequence DESC
    LIMIT $3
)
