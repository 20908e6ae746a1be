-- This session takes a stretch whose own has ended. What a role may not see of another's session is null: then it counts
-- as alive. Counted, and not searched by an anti-join, which would not be done again for a row that another has just taken.
update verify_stretches taken
set pid = me.pid, backend_start = me.backend_start, events = 0
from pg_stat_activity me
where me.pid = pg_backend_pid() and taken.run_id = $1 and taken.upto = (
    select left_alone.upto
    from verify_stretches left_alone
    where left_alone.run_id = $1 and (
        select count(*)
        from pg_stat_activity alive
        where alive.pid = left_alone.pid and coalesce(alive.backend_start = left_alone.backend_start, true)
    ) = 0
    order by left_alone.upto
    limit 1
    for update skip locked
)
returning taken.reached, taken.upto, taken.orphans
