-- Which of these own rows in {table}.
select wanted.owner
from unnest($1::uuid[]) as wanted (owner)
where exists (select from {table} where {owner} = wanted.owner)
