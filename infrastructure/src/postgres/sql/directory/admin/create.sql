-- An account that is signed in nowhere. A taken address breaks `accounts_email`.
insert into accounts (account_id, email, password_hash, role, time_zone, created_at, verified_at)
values ($1, $2, $3, $4, $5, $6, $6)
