CREATE {persistence} TABLE {shadow} (LIKE {table} INCLUDING DEFAULTS, PRIMARY KEY ({key}))
