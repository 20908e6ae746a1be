-- Brings a rebuild from one of some states into another.
UPDATE rebuilds
SET state = $2, reason = $3, changed_at = $4, events_per_s = 0
WHERE rebuild_id = $1 AND state = ANY ($5::text[])
