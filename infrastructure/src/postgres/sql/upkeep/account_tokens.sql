-- Tokens of mails that nobody used in time.
delete from account_tokens
where token_hash in (
    select token_hash
    from account_tokens
    where expires_at < $1
    order by expires_at
    limit $2
    for update skip locked)
