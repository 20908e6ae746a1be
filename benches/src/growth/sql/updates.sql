SELECT relname::text AS name, n_tup_upd AS all_updates, n_tup_hot_upd AS hot_updates, n_dead_tup AS dead
FROM pg_stat_user_tables
WHERE schemaname = 'public'
ORDER BY relname
