-- A flag goes; its name stays for other nodes to hear of it.
update flags
set is_on = false, percentage = 0, description = '', version = version + 1, changed_at = $2, removed_at = $2, revision = $3
where name = $1
