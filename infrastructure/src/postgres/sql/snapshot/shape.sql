-- What a table's columns were added to so far, as the catalog of this program remembers it: another number with each column that is
-- added, and when the table is made anew.
SELECT oid::bigint * 65536 + relnatts AS shape
FROM pg_class
WHERE oid = to_regclass($1::text)
