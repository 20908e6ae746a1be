-- A mail that was sent, is not needed any more, or was given up.
delete from mails
where mail_id = $1
