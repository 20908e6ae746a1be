-- The time zone in which the session writes what the database fills in by itself.
SHOW timezone
