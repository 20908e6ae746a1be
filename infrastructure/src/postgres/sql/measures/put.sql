-- What a node counted of a minute so far: the whole of it each time, so that a repetition does no harm.
insert into measures (
    minute_at, node_id, committed, rejected, deferred, repeated, turned_away, commands, conflicting, merged, superseded,
    write_counts, delivery_counts, requests)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict (minute_at, node_id) do update set
    committed = excluded.committed,
    rejected = excluded.rejected,
    deferred = excluded.deferred,
    repeated = excluded.repeated,
    turned_away = excluded.turned_away,
    commands = excluded.commands,
    conflicting = excluded.conflicting,
    merged = excluded.merged,
    superseded = excluded.superseded,
    write_counts = excluded.write_counts,
    delivery_counts = excluded.delivery_counts,
    requests = excluded.requests
