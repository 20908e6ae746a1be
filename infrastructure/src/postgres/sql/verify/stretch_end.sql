-- The last of the next spaces, at most so many.
select space_id
from (select space_id from heads where space_id > $1 order by space_id limit $2) next
order by space_id desc
limit 1
