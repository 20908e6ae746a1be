-- Whose an address is. Who asks for a mail again and again waits here for the one before, and then sees it counted.
select account_id, verified_at is not null as verified
from accounts
where lower(email) = lower($1)
for no key update
