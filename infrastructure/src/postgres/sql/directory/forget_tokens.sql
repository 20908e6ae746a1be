-- Takes back what mails let their readers do: for one purpose, or ($2 null) for all.
delete from account_tokens
where account_id = $1 and ($2::text is null or purpose = $2)
