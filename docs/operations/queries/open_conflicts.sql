-- Conflicts that wait for their user now, by entity and field: which fields people really write in two places.
select
    entity_kind,
    field,
    count(*) as open,
    count(distinct space_id) as accounts
from conflicts
where deleted_at is null
group by 1, 2
order by 3 desc, 1, 2
