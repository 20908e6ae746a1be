SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS today
