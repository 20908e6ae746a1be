-- What a login is checked against.
select account_id, email, role, time_zone, password_hash
from accounts
where lower(email) = lower($1)
