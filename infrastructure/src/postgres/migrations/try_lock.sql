SELECT pg_try_advisory_lock(hashtextextended('levelup.migrations', 0)) AS taken
