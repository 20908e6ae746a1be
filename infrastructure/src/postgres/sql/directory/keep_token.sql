-- What is kept of a token that a mail ($6) is about to say; it takes the place of those that mails before said. The mail is
-- held meanwhile, so that whoever takes it back either takes the token, too, or is seen here.
with wanted as materialized (
    select account_id
    from mails
    where mail_id = $6 and account_id = $2
    for key share
),
replaced as (
    delete from account_tokens
    where account_id = (select account_id from wanted) and purpose = $3
)
insert into account_tokens (token_hash, account_id, purpose, created_at, expires_at)
select $1, account_id, $3, $4, $5
from wanted
