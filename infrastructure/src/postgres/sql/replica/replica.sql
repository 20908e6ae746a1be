-- How far a standby has replayed that log, and which database it is a copy of. Its timeline is that of its last restart point: one
-- that has followed to another timeline says so a little later.
SELECT control.system_identifier, system.epoch, checkpoint.timeline_id AS timeline,
    pg_is_in_recovery() AS is_standby, pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::int8 AS position
FROM pg_control_system() control
CROSS JOIN pg_control_checkpoint() checkpoint
CROSS JOIN system
