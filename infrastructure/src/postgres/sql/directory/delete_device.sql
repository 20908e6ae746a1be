-- Removes a device; its sessions and their refresh tokens go with it.
delete from devices
where account_id = $1 and device_id = $2
