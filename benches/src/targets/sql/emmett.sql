SELECT (SELECT count(*) FROM emt_messages) AS events, (SELECT coalesce(sum(_version), 0)::bigint FROM tasks) AS receipts
