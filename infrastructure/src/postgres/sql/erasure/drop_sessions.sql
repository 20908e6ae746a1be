-- The sessions of an account. One that nobody ended, because it began while the account was going, is ended by this.
with gone as (
    delete from sessions
    where account_id = $1
    returning session_id, revoked_at
)
insert into revoked_sessions (session_id, because, revoked_at, forget_at)
select session_id, $2, $3, $4
from gone
where revoked_at is null
on conflict (session_id) do nothing
