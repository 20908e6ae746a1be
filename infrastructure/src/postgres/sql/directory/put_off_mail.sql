-- A mail is tried again later. Only by who tried it last: a lease that ran out may have been taken by another.
update mails set due_at = $3
where mail_id = $1 and attempts = $2
