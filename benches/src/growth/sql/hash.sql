SELECT password_hash FROM accounts WHERE email = $1
