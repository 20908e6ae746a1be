-- What an event says and said to readers, without what was taken out ($5: of the payload, too). Its hashes stay.
UPDATE events
SET payload = $3, fields = $4, redacted_at = CASE WHEN $5::boolean THEN $6::bigint ELSE redacted_at END
WHERE space_id = $1 AND position = $2
