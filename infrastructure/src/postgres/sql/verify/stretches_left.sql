select count(*) as stretches
from verify_stretches
where run_id = $1
