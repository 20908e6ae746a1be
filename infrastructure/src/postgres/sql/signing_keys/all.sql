-- Every key that is remembered, good or not; there are never many.
select key_id, public_key, created_at, retired_at, ends_at
from signing_keys
order by created_at, key_id
