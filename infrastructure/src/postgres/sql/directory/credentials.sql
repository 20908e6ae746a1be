-- What a login is checked against.
select account_id, email, role, time_zone, erase_after, password_hash, verified_at, locked_at
from accounts
where lower(email) = lower($1)
