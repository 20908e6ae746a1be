-- A flag, made, changed or there again.
insert into flags (name, is_on, percentage, description, version, changed_at, removed_at, revision)
values ($1, $2, $3, $4, $5, $6, null, $7)
on conflict (name) do update
set is_on = excluded.is_on, percentage = excluded.percentage, description = excluded.description,
    version = excluded.version, changed_at = excluded.changed_at, removed_at = null, revision = excluded.revision
