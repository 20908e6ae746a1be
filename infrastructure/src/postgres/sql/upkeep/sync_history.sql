-- Syncs past their time.
delete from sync_history
where (account_id, sync_id) in (
    select account_id, sync_id
    from sync_history
    where ended_at < $1
    order by ended_at
    limit $2
    for update skip locked)
