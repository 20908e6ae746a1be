-- The devices of an account, held: no session begins on them any more.
select device_id
from devices
where account_id = $1
order by device_id
for update
