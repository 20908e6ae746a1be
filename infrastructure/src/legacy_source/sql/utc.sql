-- Moments with a zone come in UTC from here on.
SET TIME ZONE 'UTC'
