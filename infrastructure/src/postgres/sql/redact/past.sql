-- What imports told the hero of a space, behind a sequence, in order.
SELECT position, sequence, payload, fields
FROM events
WHERE space_id = $1 AND aggregate_type = 'hero' AND aggregate_id = $1 AND sequence > $2
    AND event_type IN ('hero.activity_imported', 'hero.imported')
ORDER BY sequence
LIMIT $3
