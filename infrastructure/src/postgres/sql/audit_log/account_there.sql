SELECT EXISTS (SELECT FROM accounts WHERE account_id = $1) OR EXISTS (SELECT FROM heads WHERE space_id = $1) AS is_there
