-- Mail that was still to be sent.
delete from mails
where account_id = $1
