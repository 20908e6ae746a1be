-- A nonce for a session, which keeps no more than $5 others.
with surplus as (
    delete from refresh_nonces
    where nonce_hash in (
        select nonce_hash from refresh_nonces
        where account_id = $2 and session_id = $3
        order by expires_at desc
        offset $5
    )
)
insert into refresh_nonces (nonce_hash, account_id, session_id, expires_at)
values ($1, $2, $3, $4)
