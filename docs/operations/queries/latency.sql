-- Percentiles by day of the last 30 days, in ms: `write` from taking a transaction in to its answer, `delivery` from the
-- record of a change to a reader that waited for it. Each is the upper bound of its bucket, at most 41 % too much.
with counts as (
    select
        to_timestamp(m.minute_at / 86400000 * 86400)::date as day,
        kind.name as kind,
        b.bucket,
        sum(b.count) as count
    from measures m
    cross join lateral (values ('write', m.write_counts), ('delivery', m.delivery_counts)) as kind (name, counts)
    cross join lateral unnest(kind.counts) with ordinality as b (count, bucket)
    where m.minute_at >= (extract(epoch from now()) * 1000)::bigint - 30 * 86400000::bigint
    group by 1, 2, 3
),
running as (
    select
        day,
        kind,
        -- The bounds grow by the root of two from 0.1 ms on; what is above all of them is taken for the last.
        0.1 * power(2, (least(bucket, 41) - 1) / 2.0) as upper_ms,
        sum(count) over (partition by day, kind order by bucket) as up_to,
        sum(count) over (partition by day, kind) as total
    from counts
)
select
    day,
    kind,
    max(total) as measured,
    round(min(upper_ms) filter (where up_to >= 0.50 * total)::numeric, 2) as p50_ms,
    round(min(upper_ms) filter (where up_to >= 0.95 * total)::numeric, 2) as p95_ms,
    round(min(upper_ms) filter (where up_to >= 0.99 * total)::numeric, 2) as p99_ms
from running
where total > 0
group by day, kind
order by day, kind
