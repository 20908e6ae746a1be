-- The hash that the legacy system has, as long as the password here is from there, too: nobody has set another. A hash that
-- was renewed here goes when the password was changed there, and so does a password of here (of that digest) that the legacy
-- system was never told: the one that it has was set there since.
update accounts set password_hash = $2, legacy_password_hash = null
where account_id = $1
    and (
        password_hash <> $2 and (password_hash like '$2%' or password_hash = '!') or legacy_password_hash <> $2
        or legacy_password_hash is null and encode(sha256(convert_to(password_hash, 'UTF8')), 'hex') = $3
    )
    and not exists (select from erasures where erasures.account_id = accounts.account_id)
