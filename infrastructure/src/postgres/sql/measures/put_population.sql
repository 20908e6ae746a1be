-- How many people there are; the first node to say it for a moment is believed.
insert into populations (taken_at, accounts, devices, both_platforms)
values ($1, $2, $3, $4)
on conflict (taken_at) do nothing
