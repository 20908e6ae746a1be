-- The day on which a restored account was to go may have been called off since: nobody goes before this one.
UPDATE accounts
SET erase_after = $1
WHERE erase_after < $1
