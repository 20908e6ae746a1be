-- Counts of people of before $1, at most $2 rows.
delete from populations
where taken_at in (
    select taken_at
    from populations
    where taken_at < $1
    order by taken_at
    limit $2
    for update skip locked)
