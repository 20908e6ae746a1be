SELECT (SELECT count(*) FROM events) AS events, (SELECT coalesce(sum(version), 0)::bigint FROM task_views) AS receipts
