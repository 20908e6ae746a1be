SELECT setting AS bin_dir FROM pg_config WHERE name = 'BINDIR'
