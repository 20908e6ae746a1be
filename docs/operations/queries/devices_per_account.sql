-- Active devices of an active account, over the days that were counted: the last count of each day. Active: seen within 28
-- days before it.
select distinct on (1)
    to_timestamp(taken_at / 1000)::date as day,
    accounts,
    devices,
    round(devices::numeric / nullif(accounts, 0), 3) as devices_per_account
from populations
order by 1, taken_at desc
