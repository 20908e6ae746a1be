-- Every user of {table}, by id.
SELECT t.id::text AS id, t.email::text AS email
FROM {table} t
ORDER BY t.id
