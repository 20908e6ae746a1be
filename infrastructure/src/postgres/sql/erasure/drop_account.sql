-- The account; its devices go with it.
delete from accounts
where account_id = $1
