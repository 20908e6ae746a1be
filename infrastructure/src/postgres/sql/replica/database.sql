-- How far the database has written its log, on which timeline, and which database it is.
SELECT control.system_identifier, system.epoch,
    ('x' || left(pg_walfile_name(written.place), 8))::bit(32)::int4 AS timeline,
    pg_wal_lsn_diff(written.place, '0/0')::int8 AS position
FROM pg_control_system() control
CROSS JOIN (SELECT pg_current_wal_lsn() AS place) written
CROSS JOIN system
