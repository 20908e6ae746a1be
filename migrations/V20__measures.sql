-- What nodes measure of themselves, a row a minute, to be added up over any stretch of time; of nobody in particular, and
-- deleted when it is old. The columns are those of the tally in `application::analytics`, which says what each means.

create table measures (
    -- When the minute begins, ms since the Unix epoch.
    minute_at   bigint not null check (minute_at % 60000 = 0),
    -- A process of the service, from its start to its end.
    node_id     uuid   not null,
    committed   bigint not null,
    rejected    bigint not null,
    deferred    bigint not null,
    repeated    bigint not null,
    turned_away bigint not null,
    commands    bigint not null,
    conflicting bigint not null,
    merged      bigint not null,
    superseded  bigint not null,
    -- How many answers took how long: a count for each bucket. Bounds grow by the root of two from 100 microseconds on.
    write_counts    bigint[] not null check (cardinality(write_counts) = 42),
    -- The same of deliveries to readers that waited.
    delivery_counts bigint[] not null check (cardinality(delivery_counts) = 42),
    primary key (minute_at, node_id)
) with (fillfactor = 50);

-- How many accounts and devices were active, counted once an hour.
create table populations (
    taken_at       bigint primary key,
    accounts       bigint not null,
    devices        bigint not null,
    both_platforms bigint not null
);
