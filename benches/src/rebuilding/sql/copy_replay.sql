-- Whole aggregates of a kind, of one space after another, until there are about so many events. Its ids know no space, so the
-- space becomes a part of them.
INSERT INTO replay.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
SELECT e.aggregate_type, e.space_id || '/' || e.aggregate_id, e.sequence, e.event_type, e.event_version, e.payload, e.metadata
FROM events e
JOIN (
    SELECT space_id, aggregate_id, sum(count(*)) OVER (ORDER BY space_id, aggregate_id) AS events
    FROM events
    WHERE aggregate_type = $1
    GROUP BY space_id, aggregate_id
) taken ON taken.space_id = e.space_id AND taken.aggregate_id = e.aggregate_id
WHERE e.aggregate_type = $1 AND taken.events <= $2::bigint
