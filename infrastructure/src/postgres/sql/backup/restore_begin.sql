-- A restore begins where nobody's things are (as in is_empty.sql): there was time to write since that was looked at.
INSERT INTO restores (name, sha256, epoch, began_at)
SELECT $1::text, $2::text, $3::uuid, $4::bigint
WHERE NOT EXISTS (SELECT FROM heads) AND NOT EXISTS (SELECT FROM accounts) AND NOT EXISTS (SELECT FROM events)
    AND NOT EXISTS (SELECT FROM log_imports) AND NOT EXISTS (SELECT FROM security_log)
    AND NOT EXISTS (SELECT FROM erasures)
ON CONFLICT (only_row) DO NOTHING
