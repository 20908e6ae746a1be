-- Conflicts by day of the last 30 days: of all commands committed, those that left the user something to decide, those
-- applied in part, and those of which nothing was applied because a later write stood.
select
    to_timestamp(minute_at / 86400000 * 86400)::date as day,
    sum(commands) as commands,
    round(sum(conflicting) / nullif(sum(commands), 0), 5) as conflict_rate,
    round(sum(merged) / nullif(sum(commands), 0), 5) as merged_rate,
    round(sum(superseded) / nullif(sum(commands), 0), 5) as superseded_rate
from measures
where minute_at >= (extract(epoch from now()) * 1000)::bigint - 30 * 86400000::bigint
group by 1
order by 1
