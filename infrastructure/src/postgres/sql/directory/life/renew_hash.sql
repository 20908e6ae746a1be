-- A hash in the place of an old one. Whoever changed the password meanwhile has the last word. The legacy system's own hash
-- is kept beside: the password is the same, and the account may go back there.
update accounts set password_hash = $3,
    legacy_password_hash = case when $2::text like '$2%' then $2 else legacy_password_hash end
where account_id = $1 and password_hash = $2
