-- Nobody finds the account by its address any more, no password is its own, and no date calls for it again.
update accounts set email = account_id::text, password_hash = '', legacy_password_hash = null, role = 'user',
    verified_at = null, locked_at = $2, deletion_requested_at = null, erase_after = null, first_name = '', last_name = '',
    profile_image_url = null, legacy_user_id = null
where account_id = $1
