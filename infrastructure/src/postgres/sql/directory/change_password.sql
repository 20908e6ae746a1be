-- A password in the place of the one that was checked ($2), if that is still the one.
update accounts set password_hash = $3, legacy_password_hash = null
where account_id = $1 and password_hash = $2
