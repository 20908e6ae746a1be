-- What nodes told behind an id, in order.
select note_id, node_id, at, what, about
from node_notes
where note_id > $1
order by note_id
limit 1000
