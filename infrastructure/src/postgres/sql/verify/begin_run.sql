-- Begins a walk, unless one over the same is under way.
insert into verify_runs (run_id, space_id, begun_by, begun_at, spaces_total, events_total)
values ($1, $2, $3, $4, $5, $6)
on conflict do nothing
returning run_id
