-- What an export of this program noted of a user in {table}.
SELECT n.wrote::text AS wrote
FROM {table} n
WHERE n.user_id::text = $1
