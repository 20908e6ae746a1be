-- A new account that nobody is signed in to. A taken address adds nothing.
insert into accounts (account_id, email, password_hash, role, time_zone, created_at, first_name, last_name)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict ((lower(email))) do nothing
