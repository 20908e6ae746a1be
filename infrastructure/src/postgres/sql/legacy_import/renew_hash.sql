-- The hash that the legacy system has, as long as the password here is from there, too: nobody has set another. A hash that
-- was renewed here goes when the password was changed there.
update accounts set password_hash = $2, legacy_password_hash = null
where account_id = $1
    and (password_hash <> $2 and (password_hash like '$2%' or password_hash = '!') or legacy_password_hash <> $2)
    and not exists (select from erasures where erasures.account_id = accounts.account_id)
