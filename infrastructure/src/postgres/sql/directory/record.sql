-- An entry of the security log.
insert into security_log (entry_id, account_id, at, act, actor_id, actor_role, session_id, device_id, network, about)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
