-- Holds the refresh tokens of a device's sessions. A refresh takes token, session and device in this order; who removes a
-- device begins with the tokens too, so that neither waits for the other in a circle.
select t.token_hash
from sessions s
join refresh_tokens t on t.account_id = s.account_id and t.session_id = s.session_id
where s.account_id = $1 and s.device_id = $2
order by t.token_hash
for update of t
