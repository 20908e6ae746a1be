-- Whether a space is there and is not being erased.
SELECT h.space_id
FROM heads h
WHERE h.space_id = $1
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
