-- What the session of a refresh token asks of who carries it.
select sessions.csrf_hash
from refresh_tokens
join sessions using (account_id, session_id)
where refresh_tokens.token_hash = $1
