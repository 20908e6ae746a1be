-- What all nodes counted between two moments.
select
    coalesce(sum(committed), 0)::bigint as committed,
    coalesce(sum(rejected), 0)::bigint as rejected,
    coalesce(sum(deferred), 0)::bigint as deferred,
    coalesce(sum(repeated), 0)::bigint as repeated,
    coalesce(sum(turned_away), 0)::bigint as turned_away,
    coalesce(sum(commands), 0)::bigint as commands,
    coalesce(sum(conflicting), 0)::bigint as conflicting,
    coalesce(sum(merged), 0)::bigint as merged,
    coalesce(sum(superseded), 0)::bigint as superseded
from measures
where minute_at >= $1 and minute_at < $2
