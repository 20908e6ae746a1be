SELECT count(*) + count(*) FILTER (WHERE completed) AS events, count(*) + count(*) FILTER (WHERE completed) AS receipts
FROM tasks
