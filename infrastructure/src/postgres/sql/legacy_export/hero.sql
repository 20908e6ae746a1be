-- What the hero of a space came with by an import, which writes as a device.
SELECT e.payload #> '{change,imported,extras}' AS extras
FROM events e
WHERE e.space_id = $1 AND e.aggregate_type = 'hero' AND e.aggregate_id = $1 AND e.event_type = 'hero.imported'
    AND e.device_id = $2 AND e.payload #> '{change,imported,extras}' IS NOT NULL
ORDER BY e.sequence
LIMIT 1
