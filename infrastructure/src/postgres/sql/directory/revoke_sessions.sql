-- Ends the sessions of an account that are still going on: one ($2), those of one device ($3), or all; never the one that
-- is to be kept ($4). Nodes of an older program look for the newest by `revoked_at`, so that one is by the clock of the database.
with ended as (
    update sessions set revoked_at = $5, revoked_because = $6
    where account_id = $1
      and revoked_at is null
      and ($2::uuid is null or session_id = $2)
      and ($3::uuid is null or device_id = $3)
      and ($4::uuid is null or session_id <> $4)
    returning session_id
)
insert into revoked_sessions (session_id, because, revoked_at, forget_at)
select session_id, $6, (extract(epoch from clock_timestamp()) * 1000)::bigint, $7 from ended
returning session_id
