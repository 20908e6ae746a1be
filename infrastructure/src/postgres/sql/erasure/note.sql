-- The erasure has begun; of an account that came back with a backup, once more.
insert into erasures (account_id, requested_at)
values ($1, $2)
on conflict (account_id) do update set finished_at = null
