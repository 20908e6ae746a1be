-- Of the active accounts, those with an active device of `ios` and one of `web`: the last count of each day. Active: seen
-- within 28 days before it.
select distinct on (1)
    to_timestamp(taken_at / 1000)::date as day,
    accounts,
    both_platforms,
    round(both_platforms::numeric / nullif(accounts, 0), 5) as both_platforms_share
from populations
order by 1, taken_at desc
