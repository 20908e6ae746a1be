-- The days that a device (an import writes as one) brought to habits of a space.
SELECT aggregate_id, payload #> '{change,days_imported}' AS imported
FROM events
WHERE space_id = $1 AND aggregate_type = 'task' AND aggregate_id = ANY ($2) AND event_type = 'task.days_imported'
    AND device_id = $3
ORDER BY aggregate_id, sequence
