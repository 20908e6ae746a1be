-- Takes mails that are due ($1) for a while: until then ($2) no other node sees them, and if this one is gone by then,
-- they are due again.
with due as materialized (
    select mail_id
    from mails
    where due_at <= $1
    order by due_at
    limit $3
    for update skip locked
),
leased as (
    update mails set due_at = $2, attempts = mails.attempts + 1
    from due
    where mails.mail_id = due.mail_id
    returning mails.mail_id, mails.account_id, mails.kind, mails.about, mails.created_at, mails.attempts
)
select leased.mail_id, leased.account_id, leased.kind, leased.about, leased.created_at, leased.attempts,
    accounts.email, accounts.time_zone, accounts.verified_at is not null as verified
from leased
join accounts on accounts.account_id = leased.account_id
