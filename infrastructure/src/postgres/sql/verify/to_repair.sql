-- Spaces behind one, in which something was found.
select distinct space_id
from verify_findings
where space_id > $1
order by space_id
limit $2
