-- The wish to be deleted that came from the legacy system and is not there any more; one that was said here, since the one that
-- stands began, stays, unless the legacy system was told of it ($2) and it was called off there.
update accounts set deletion_requested_at = null, erase_after = null
where account_id = $1 and erase_after is not null
    and (
        deletion_requested_at = $2
        or not exists (
            select from security_log l
            where l.account_id = accounts.account_id and l.act = 'deletion_asked'
                -- A wish and what is logged of it are of the same moment, give or take.
                and l.at >= accounts.deletion_requested_at - 1000
        )
    )
