-- Whether a space is being erased, or is gone by now.
SELECT NOT EXISTS (SELECT FROM heads WHERE space_id = $1) OR EXISTS (SELECT FROM erasures WHERE account_id = $1) AS is_going
