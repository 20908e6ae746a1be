-- Sessions that ended after a moment and are not to be forgotten yet.
select session_id, because, revoked_at, forget_at
from revoked_sessions
where revoked_at >= $1 and forget_at > $2
