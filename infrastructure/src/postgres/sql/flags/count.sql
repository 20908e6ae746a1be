-- Flags that are there.
select count(*) as flags
from flags
where revision > 0 and removed_at is null
