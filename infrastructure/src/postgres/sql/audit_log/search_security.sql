-- The same of the security log.
SELECT entry_id, account_id, at, act, actor_id, actor_role, session_id, device_id, network, about, is_found, number
FROM (
    SELECT entry_id, account_id, at, act, actor_id, actor_role, session_id, device_id, network, about,
        ({found}) AS is_found, row_number() OVER () AS number
    FROM (
        SELECT entry_id, account_id, at, act, actor_id, actor_role, session_id, device_id, network, about
        FROM security_log
        WHERE {driven}
        ORDER BY entry_id DESC
        LIMIT $1
    ) looked
) numbered
WHERE is_found OR number = $1
LIMIT $2
