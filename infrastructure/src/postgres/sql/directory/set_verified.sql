-- The address of an account is proven; the first proof stays.
update accounts set verified_at = coalesce(verified_at, $2)
where account_id = $1
