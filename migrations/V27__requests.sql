-- How many requests a node was asked in a minute, by version of the API and platform: which clients are still in the field.
-- The order of the counts is that of `application::analytics::Requests`.

alter table measures
    add column requests bigint[] not null default '{0,0,0,0,0,0}' check (cardinality(requests) = 6);
