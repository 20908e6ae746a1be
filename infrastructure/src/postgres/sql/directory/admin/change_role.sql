-- What an account may do from now on.
update accounts set role = $2
where account_id = $1
