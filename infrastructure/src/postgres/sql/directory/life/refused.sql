-- Wrong passwords of an account within one minute: one entry, whose id every node makes in the same way. It is the only
-- one that changes after it was written, and only while its minute lasts.
insert into security_log as entry (entry_id, account_id, at, act, network, about)
select $1, account_id, $3, $4, $5, jsonb_build_object('count', $6::bigint)
from accounts
where account_id = $2
for key share
on conflict (entry_id) do update
set about = jsonb_build_object('count', (entry.about ->> 'count')::bigint + $6::bigint)
