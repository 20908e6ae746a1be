-- The devices of an account, or one of them ($2), with how far each has read the account's space ($3). What a device of the
-- same id acknowledged before it was removed and added again is not this one's.
select d.device_id, d.platform, d.device_name, d.app_version, d.created_at, d.last_seen_at,
    d.public_key is not null as has_key, d.push_token is not null as has_push_token,
    s.acked_position, s.last_synced_at, h.position as head_position
from devices d
left join space_devices s
    on s.space_id = $3 and s.device_id = d.device_id
    and (s.last_synced_at is null or s.last_synced_at >= d.created_at)
left join heads h on h.space_id = $3
where d.account_id = $1
  and ($2::uuid is null or d.device_id = $2)
order by d.last_seen_at desc, d.device_id
