-- An account that is here is called what it is called there: here nobody can change that.
update accounts set first_name = $2, last_name = $3, profile_image_url = $4
where account_id = $1
    and (first_name, last_name, profile_image_url) is distinct from ($2::text, $3::text, $4::text)
    and not exists (select from erasures where erasures.account_id = accounts.account_id)
