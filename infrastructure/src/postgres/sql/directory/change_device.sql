-- A device as it is from now on.
update devices set platform = $3, device_name = $4, push_token = $5, app_version = $6, public_key = $7
where account_id = $1 and device_id = $2
