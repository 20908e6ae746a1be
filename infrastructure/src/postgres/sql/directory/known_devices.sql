-- The devices of an account, as much of them as the limit needs; those that were active last first.
select device_id, device_name, platform, last_seen_at
from devices
where account_id = $1
order by last_seen_at desc, device_id
