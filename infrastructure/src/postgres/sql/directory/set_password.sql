-- A password that was set by a mail. Who could read the mail has proven the address too.
update accounts set password_hash = $2, legacy_password_hash = null, verified_at = coalesce(verified_at, $3)
where account_id = $1
