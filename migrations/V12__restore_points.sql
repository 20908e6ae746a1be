-- Positions of a space's log with a name. `hash` is the chain's there: a log that went another way has another.

create table restore_points (
    space_id    uuid    not null,
    id          uuid    not null,
    name        text    not null,
    position    bigint  not null check (position >= 0),
    hash        bytea   not null check (length(hash) = 32),
    recorded_at bigint  not null,
    created_at  bigint  not null,
    created_by  uuid    not null,
    automatic   boolean not null,
    primary key (space_id, id)
);
