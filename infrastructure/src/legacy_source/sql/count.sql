-- How many rows {table} has.
SELECT count(*) AS rows
FROM {table} t
