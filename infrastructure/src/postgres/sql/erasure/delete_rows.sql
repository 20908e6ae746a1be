-- The next rows of an owner in {table}.
delete from {table}
where {owner} = $1 and ctid = any (array(select ctid from {table} where {owner} = $1 limit $2))
