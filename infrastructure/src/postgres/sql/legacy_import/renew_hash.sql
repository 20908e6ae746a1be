-- The hash that the legacy system has, as long as the one here is from there, too: nobody has signed in since, or set another.
update accounts set password_hash = $2
where account_id = $1 and password_hash <> $2 and (password_hash like '$2%' or password_hash = '!')
    and not exists (select from erasures where erasures.account_id = accounts.account_id)
