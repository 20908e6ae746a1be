-- The accounts that move in a step of a rollout: those for which the flag `new_backend` is on at 10 percent. For another step
-- write its percentage. Moved already are those of the smaller percentages.
with places as (
    select account_id, legacy_user_id, email, sha256(convert_to('new_backend', 'UTF8') || '\x00' || uuid_send(account_id)) as hash
    from accounts
    where legacy_user_id is not null
)
select legacy_user_id, email, account_id, place
from places
cross join lateral (
    select (sum(get_byte(hash, byte) * 256::numeric ^ (7 - byte)) % 100)::int as place
    from generate_series(0, 7) as byte
) as counted
where place < 10
order by place, legacy_user_id
