TRUNCATE replay.views
