-- Uses a mailed token up. Of two at once the second waits for the first, and then finds nothing.
delete from account_tokens
where token_hash = $1 and purpose = $2 and expires_at > $3
returning account_id
