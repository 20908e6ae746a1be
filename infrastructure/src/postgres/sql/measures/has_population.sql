-- Whether somebody has counted at this moment.
select 1 as one
from populations
where taken_at = $1
