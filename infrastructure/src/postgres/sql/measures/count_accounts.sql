-- The next accounts behind $1, at most $2, and of them who was active since $3.
with chunk as (
    select account_id
    from accounts
    where account_id > $1
    order by account_id
    limit $2),
active as (
    select d.account_id, count(*) as devices, bool_or(d.platform = 'ios') and bool_or(d.platform = 'web') as both_platforms
    from chunk c
    join devices d on d.account_id = c.account_id
    where d.last_seen_at >= $3
    group by d.account_id)
select
    (select c.account_id from chunk c order by c.account_id desc limit 1) as last_account,
    (select count(*) from active) as accounts,
    (select coalesce(sum(a.devices), 0)::bigint from active a) as devices,
    (select count(*) from active a where a.both_platforms) as both_platforms
