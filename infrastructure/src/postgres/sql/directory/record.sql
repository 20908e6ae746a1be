-- An entry of the security log. An account that is gone gets none and is nobody's actor any more; the shared locks make a
-- deletion of the account and its entries wait, so that none is written behind its back.
insert into security_log (entry_id, account_id, at, act, actor_id, actor_role, session_id, device_id, network, about)
select $1, $2, $3, $4, (select account_id from accounts where account_id = $5 for key share), $6, $7, $8, $9, $10
where $2::uuid is null or exists (select from accounts where account_id = $2 for key share)
