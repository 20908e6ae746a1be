-- Whether a space is being erased, or was, or never was.
SELECT NOT EXISTS (SELECT FROM heads h WHERE h.space_id = $1)
    OR EXISTS (SELECT FROM erasures e WHERE e.account_id = $1) AS gone
