-- Measures of before $1, at most $2 rows.
delete from measures
where (minute_at, node_id) in (
    select minute_at, node_id
    from measures
    where minute_at < $1
    order by minute_at, node_id
    limit $2
    for update skip locked)
