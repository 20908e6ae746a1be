-- Which of these ids an account or a space has, other than those that are being erased already.
select listed.account_id
from unnest($1::uuid[]) as listed (account_id)
where (
        exists (select from accounts where accounts.account_id = listed.account_id)
        or exists (select from heads where heads.space_id = listed.account_id)
    )
    and not exists (
        select from erasures where erasures.account_id = listed.account_id and erasures.finished_at is null
    )
