-- Of the next spaces that have rows in {table}, by one descent of an index each: whether there is such a space. Those that
-- are being imported have no head yet.
with recursive found as (
    (select space_id from {table} where space_id > $1 order by space_id limit 1)
    union all
    select (select next.space_id from {table} next where next.space_id > found.space_id order by next.space_id limit 1)
    from found
    where found.space_id is not null
)
select found.space_id,
    not exists (select from heads h where h.space_id = found.space_id)
    and not exists (select from log_imports i where i.space_id = found.space_id)
    and not exists (select from erasures e where e.account_id = found.space_id) as is_orphan
from found
where found.space_id is not null
limit $2
