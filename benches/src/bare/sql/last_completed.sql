SELECT space_id, aggregate_id AS task_id
FROM events
WHERE event_type = 'task.completed'
ORDER BY space_id, position DESC
LIMIT 1
