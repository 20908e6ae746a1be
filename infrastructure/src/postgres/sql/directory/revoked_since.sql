-- Sessions that ended and are not to be forgotten at $3: those written by transactions that were not over at an earlier look ($1, as
-- the server $2 numbers them). All of them, if another server answers or its numbers went back, as behind a failover. No clock has
-- a say, and none that commits late is missed. Rows of a restored backup bear numbers of another server: they are in no stretch.
with here as (
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as upto,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint as beyond,
        (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint as server
), asked as (
    select upto, server,
        case when server = $2 and upto >= $1 then $1 else 0 end as first,
        case when server = $2 and upto >= $1 then beyond else 9223372036854775807 end as last
    from here
)
select asked.upto, asked.server, ended.session_id, ended.because, ended.forget_at
from asked
left join revoked_sessions ended
    on ended.written_in >= asked.first and ended.written_in < asked.last and ended.forget_at > $3
