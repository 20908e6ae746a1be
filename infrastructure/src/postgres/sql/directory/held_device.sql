-- A device that is about to be changed, held until the end of the transaction.
select device_id, device_name, platform, last_seen_at, push_token, app_version, public_key
from devices
where account_id = $1 and device_id = $2
for no key update
