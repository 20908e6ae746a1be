-- Refresh tokens past their time, and with the last of them the session that they kept going. What another node is
-- clearing away is left to it.
with expired as (
    select token_hash, account_id, session_id
    from refresh_tokens
    where expires_at < $1
    order by expires_at
    limit $2
    for update skip locked
),
ended as (
    delete from sessions
    where (account_id, session_id) in (select account_id, session_id from expired)
      and not exists (
          select from refresh_tokens
          where refresh_tokens.account_id = sessions.account_id
            and refresh_tokens.session_id = sessions.session_id
            and refresh_tokens.expires_at >= $1)
)
delete from refresh_tokens
where token_hash in (select token_hash from expired)
