-- The number of the last change.
SELECT revision
FROM revisions
