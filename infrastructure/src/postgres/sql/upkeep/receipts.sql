-- Looks at the receipts after a place, in the order of their key, and takes the bodies of those that are past their time; the
-- rows stay. There is no index by time: it would cost every write something, and this has 400 days.
with looked as materialized (
    select space_id, transaction_id, decided_at < $4 and body is not null as due
    from receipts
    where (space_id, transaction_id) > ($1, $2)
    order by space_id, transaction_id
    limit $3
),
expired as (
    update receipts r
    set body = null
    from looked l
    where l.due and r.space_id = l.space_id and r.transaction_id = l.transaction_id
    returning r.space_id
)
select space_id, transaction_id, (select count(*) from looked) as looked, (select count(*) from expired) as expired
from looked
order by space_id desc, transaction_id desc
limit 1
