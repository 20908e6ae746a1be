-- A mail to an account ($1; null: to nobody) with the entry of the log that counts it, unless there were as many as
-- there may be ($4) since the moment of the first entry that counts ($2).
with few as (
    select $1::uuid as account_id
    where $1::uuid is not null
      and (
        select count(entry_id)
        from security_log
        where account_id = $1 and entry_id >= $2 and act = $3
      ) < $4
),
logged as (
    insert into security_log (entry_id, account_id, at, act, network)
    select $5, account_id, $6, $3, $7 from few
)
insert into mails (mail_id, account_id, kind, about, created_at, due_at)
select $8, account_id, $9, $10, $6, $6 from few
