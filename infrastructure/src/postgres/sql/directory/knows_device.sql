-- Whether the account of an address has signed in from this device before.
select exists (
    select 1
    from accounts a
    join devices d on d.account_id = a.account_id
    where lower(a.email) = lower($1) and d.device_id = $2
) as known
