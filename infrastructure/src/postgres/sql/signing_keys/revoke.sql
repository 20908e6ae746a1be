-- Ends a key now. One that has ended stays ended since then.
update signing_keys
set retired_at = least(retired_at, $2), ends_at = least(ends_at, $2)
where key_id = $1
returning created_at
