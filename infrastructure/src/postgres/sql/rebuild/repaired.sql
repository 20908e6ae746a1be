-- Running servers drop what they remember of a space whose count of repairs has moved.
UPDATE heads
SET repairs = repairs + 1, legacy_next = $2, live_entities = $3, checksum = $4
WHERE space_id = $1
