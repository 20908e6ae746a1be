-- Devices that were active, and what the apps on them said they are. One that somebody holds just now is passed over: it is
-- being seen anyway, and nobody waits.
with free as (
    select d.account_id, d.device_id, seen.at, seen.app_version
    from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[]) as seen (account_id, device_id, at, app_version)
    join devices d on d.account_id = seen.account_id and d.device_id = seen.device_id
    for no key update of d skip locked
)
update devices
set last_seen_at = greatest(devices.last_seen_at, free.at),
    app_version = coalesce(free.app_version, devices.app_version)
from free
where devices.account_id = free.account_id and devices.device_id = free.device_id
