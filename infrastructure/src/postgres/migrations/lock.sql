SELECT pg_advisory_lock(hashtextextended('levelup.migrations', 0))
