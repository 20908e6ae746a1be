-- The entities that some positions speak of by themselves, the last first.
SELECT aggregate_type, aggregate_id
FROM events
WHERE space_id = $1 AND position BETWEEN $2 AND $3 AND metadata ->> 'cause' IS NULL
GROUP BY aggregate_type, aggregate_id
ORDER BY min(position) DESC
