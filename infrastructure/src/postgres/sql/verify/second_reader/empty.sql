truncate {table}
