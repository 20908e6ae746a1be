SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS is_there
