select
from erasures
where account_id = $1
