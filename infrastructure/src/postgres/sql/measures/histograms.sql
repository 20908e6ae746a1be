-- The histograms that all nodes kept between two moments, added up bucket by bucket.
select b.bucket, sum(b.write)::bigint as write, sum(b.delivery)::bigint as delivery
from measures m
cross join lateral unnest(m.write_counts, m.delivery_counts) with ordinality as b (write, delivery, bucket)
where m.minute_at >= $1 and m.minute_at < $2
group by b.bucket
order by b.bucket
