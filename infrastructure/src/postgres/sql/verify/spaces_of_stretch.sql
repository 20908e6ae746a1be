-- The next spaces of a stretch; those that are being erased are nobody's any more.
select space_id
from heads h
where space_id > $1 and space_id <= $2
    and not exists (select from erasures e where e.account_id = h.space_id and e.finished_at is null)
order by space_id
limit $3
