-- Ended sessions of which no access token can be good any more.
delete from revoked_sessions
where session_id in (
    select session_id
    from revoked_sessions
    where forget_at < $1
    order by forget_at
    limit $2
    for update skip locked)
