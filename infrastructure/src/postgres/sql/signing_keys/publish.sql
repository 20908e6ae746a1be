-- Makes a public half known. One that is known already stays as it is: a key that was ended does not come back.
insert into signing_keys (key_id, public_key, created_at)
values ($1, $2, $3)
on conflict (key_id) do nothing
