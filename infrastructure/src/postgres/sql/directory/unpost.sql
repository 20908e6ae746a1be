-- Takes back mails of a kind that have not left. They go before the tokens: one that is being written holds its mail.
delete from mails
where account_id = $1 and kind = $2
