-- An account that comes from the legacy system; its address counts as proven from now on. One that was erased does not come
-- again.
insert into accounts (account_id, email, password_hash, role, time_zone, created_at, verified_at, legacy_user_id,
                      first_name, last_name, profile_image_url, deletion_requested_at, erase_after)
select $1::uuid, $2::text, $3::text, 'user', $4::text, $5::bigint, $12::bigint, $6::text, $7::text, $8::text, $9::text,
       $10::bigint, $11::bigint
where not exists (select from erasures where account_id = $1)
on conflict do nothing
