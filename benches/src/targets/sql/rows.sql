SELECT (SELECT count(*) FROM activity_logs) AS events,
    (SELECT count(*) + count(*) FILTER (WHERE completed) FROM tasks) AS receipts
