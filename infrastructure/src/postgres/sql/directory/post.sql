-- A mail that is to be sent.
insert into mails (mail_id, account_id, kind, about, created_at, due_at)
values ($1, $2, $3, $4, $5, $5)
