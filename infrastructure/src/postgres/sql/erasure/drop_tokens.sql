-- What mails would let their reader do.
delete from account_tokens
where account_id = $1
