-- A nonce for a session, which keeps no more than $5 others. A session that is gone meanwhile gets none.
with living as (
    select account_id, session_id
    from sessions
    where account_id = $2 and session_id = $3
    for key share
),
surplus as (
    delete from refresh_nonces
    where nonce_hash in (
        select nonce_hash from refresh_nonces
        where account_id = $2 and session_id = $3
        order by expires_at desc
        offset $5
    )
)
insert into refresh_nonces (nonce_hash, account_id, session_id, expires_at)
select $1, account_id, session_id, $4
from living
