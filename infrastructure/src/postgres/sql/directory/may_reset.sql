-- Whether a token would be good to set a password.
select 1
from account_tokens
where token_hash = $1 and purpose = 'password_reset' and expires_at > $2
