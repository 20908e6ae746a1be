SELECT blks_read AS read FROM pg_stat_database WHERE datname = current_database()
