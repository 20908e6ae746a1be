-- The next entries about others that name an account as the one who acted. What was done stays; of who did it, the role.
update security_log as entry set actor_id = null, network = null,
    session_id = (
        select entry.session_id
        where not exists (select from sessions s where s.account_id = $1 and s.session_id = entry.session_id)
    ),
    device_id = (
        select entry.device_id
        where not exists (select from devices d where d.account_id = $1 and d.device_id = entry.device_id)
    )
where entry_id = any (array(select entry_id from security_log where actor_id = $1 limit $2))
