-- An empty database goes on with the life of the one that was exported.
UPDATE system
SET epoch = $1
WHERE NOT EXISTS (SELECT FROM heads) AND NOT EXISTS (SELECT FROM accounts)
