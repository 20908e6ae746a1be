-- Sessions that ended after a moment.
select session_id, because, revoked_at
from revoked_sessions
where revoked_at >= $1
