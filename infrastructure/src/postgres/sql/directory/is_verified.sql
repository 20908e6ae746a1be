-- Whether the address of an account is proven.
select verified_at is not null as verified
from accounts
where account_id = $1
