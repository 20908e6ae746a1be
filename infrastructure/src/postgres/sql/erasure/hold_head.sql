-- The head of a space, held: whoever writes under its lock has done so or has to look again.
select space_id
from heads
where space_id = $1
for update
