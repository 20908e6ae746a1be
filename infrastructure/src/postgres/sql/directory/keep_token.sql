-- What is kept of a token that a mail is about to say; it takes the place of those that mails before said.
with replaced as (
    delete from account_tokens
    where account_id = $2 and purpose = $3
)
insert into account_tokens (token_hash, account_id, purpose, created_at, expires_at)
values ($1, $2, $3, $4, $5)
