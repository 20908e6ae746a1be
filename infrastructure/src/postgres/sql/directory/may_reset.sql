-- Whose password a token would be good to set.
select account_id
from account_tokens
where token_hash = $1 and purpose = 'password_reset' and expires_at > $2
