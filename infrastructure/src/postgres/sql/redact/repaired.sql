-- Running servers drop what they remember of a space whose count of repairs has moved.
UPDATE heads
SET repairs = repairs + 1
WHERE space_id = $1
