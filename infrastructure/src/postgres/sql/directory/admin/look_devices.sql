-- The devices of an account, last seen first.
select device_id, platform, device_name, app_version, created_at, last_seen_at
from devices
where account_id = $1
order by last_seen_at desc, device_id
limit 200
