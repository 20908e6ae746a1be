-- What the background work of PostgreSQL is told of tables that grow without end, and of small rows that are updated all the time. See
-- docs/decisions/0036-growth.md. Only settings: no row is touched, and writers do not wait.

-- Statement by statement: an engine that spreads tables passes each on by itself, and refuses several in one text.
do $$
begin
    set local lock_timeout = '10s';

    -- Rows that are only ever added: a vacuum comes after every hundredth instead of every fifth, and freezes what it sees, so that no
    -- page is read again before a wrap-around.
    alter table events set (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_insert_threshold = 100000,
        autovacuum_freeze_min_age = 0);
    alter table activity set (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_insert_threshold = 100000,
        autovacuum_freeze_min_age = 0);
    alter table receipts set (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_insert_threshold = 100000,
        autovacuum_freeze_min_age = 0);

    -- Rows that are updated in place: a fiftieth of them dead, and the room is given back, however many there are.
    alter table heads set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
    alter table space_devices set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
    alter table heroes set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
    alter table tasks set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
    alter table days set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
    alter table checkpoints set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
end $$;
