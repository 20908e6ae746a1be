-- An account that comes from the legacy system; its address counts as proven. One that was erased does not come again.
insert into accounts (account_id, email, password_hash, role, time_zone, created_at, verified_at, legacy_user_id,
                      first_name, last_name, profile_image_url, deletion_requested_at, erase_after)
select $1, $2, $3, 'user', $4, $5, $5, $6, $7, $8, $9, $10, $11
where not exists (select from erasures where account_id = $1)
on conflict do nothing
