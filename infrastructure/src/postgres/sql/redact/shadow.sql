-- Whether a rebuild keeps a shadow of a table just now.
SELECT to_regclass('rebuild.' || $1::text) IS NOT NULL AS there
