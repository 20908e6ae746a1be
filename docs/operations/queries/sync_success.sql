-- Sync success by day of the last 30 days: of all sendings of a transaction, those that committed it at once. A transaction
-- that had to be sent twice succeeds once of two times.
select
    to_timestamp(minute_at / 86400000 * 86400)::date as day,
    sum(committed) as committed,
    sum(committed + rejected + deferred + repeated + turned_away) as sent,
    round(sum(committed) / nullif(sum(committed + rejected + deferred + repeated + turned_away), 0), 5) as sync_success_rate
from measures
where minute_at >= (extract(epoch from now()) * 1000)::bigint - 30 * 86400000::bigint
group by 1
order by 1
