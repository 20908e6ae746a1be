-- Since when an account is kept out ($2), or nothing: it is let in.
update accounts set locked_at = $2
where account_id = $1
