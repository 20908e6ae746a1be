-- Sessions going on that may hold an access token which was signed since a moment.
select count(*) as sessions
from sessions
where revoked_at is null and last_seen_at >= $1
