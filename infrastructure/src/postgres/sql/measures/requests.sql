-- The requests that all nodes counted between two moments, added up kind by kind.
select r.kind, sum(r.count)::bigint as count
from measures m
cross join lateral unnest(m.requests) with ordinality as r (count, kind)
where m.minute_at >= $1 and m.minute_at < $2
group by r.kind
order by r.kind
