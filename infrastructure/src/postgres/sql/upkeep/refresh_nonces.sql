-- Nonces past their time.
delete from refresh_nonces
where nonce_hash in (
    select nonce_hash
    from refresh_nonces
    where expires_at < $1
    order by expires_at
    limit $2
    for update skip locked)
