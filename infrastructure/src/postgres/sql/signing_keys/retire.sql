-- Keys that sign nothing from $2 on, and are good for nothing from $3 on.
update signing_keys
set retired_at = $2, ends_at = $3
where key_id = any($1) and retired_at is null
returning key_id
