-- Whether nobody's things are here.
SELECT NOT EXISTS (SELECT FROM heads) AND NOT EXISTS (SELECT FROM accounts) AND NOT EXISTS (SELECT FROM events)
    AND NOT EXISTS (SELECT FROM log_imports) AND NOT EXISTS (SELECT FROM security_log)
    AND NOT EXISTS (SELECT FROM erasures) AS is_empty
