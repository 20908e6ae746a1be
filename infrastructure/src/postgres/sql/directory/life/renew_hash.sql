-- A hash in the place of an old one. Whoever changed the password meanwhile has the last word.
update accounts set password_hash = $3
where account_id = $1 and password_hash = $2
