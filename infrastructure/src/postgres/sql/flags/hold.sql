-- A flag that is to be changed; held until it is.
select is_on, percentage, description, version, removed_at is not null as is_removed
from flags
where name = $1
for update
