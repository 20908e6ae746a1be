-- The next number of a change; held until its writer commits, so numbers are seen in order.
UPDATE revisions
SET revision = revision + 1
RETURNING revision
