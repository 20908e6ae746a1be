-- The last count of people between two moments.
select accounts, devices, both_platforms
from populations
where taken_at >= $1 and taken_at < $2
order by taken_at desc
limit 1
