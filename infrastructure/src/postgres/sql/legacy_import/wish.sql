-- The wish to be deleted, unless there is one, or one of then was taken back here.
update accounts set deletion_requested_at = $2, erase_after = $3
where account_id = $1 and erase_after is null
    and not exists (select from erasures where erasures.account_id = accounts.account_id)
    and not exists (
        select from security_log l
        where l.account_id = accounts.account_id and l.act = 'deletion_cancelled' and l.at >= $2
    )
