-- Takes a nonce of a session that is still good. Of two at once one gets it.
delete from refresh_nonces
where nonce_hash = $1 and account_id = $2 and session_id = $3 and expires_at > $4
returning session_id
