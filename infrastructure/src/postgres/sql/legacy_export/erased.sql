-- Which of these accounts were erased, or are being.
SELECT e.account_id
FROM erasures e
WHERE e.account_id = ANY ($1)
