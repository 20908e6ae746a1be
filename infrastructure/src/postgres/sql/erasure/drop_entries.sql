-- The next entries of the log that are about an account.
delete from security_log
where entry_id = any (array(select entry_id from security_log where account_id = $1 limit $2))
