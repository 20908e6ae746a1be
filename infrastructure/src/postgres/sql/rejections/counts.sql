-- How many were refused for what, of the newest.
SELECT newest.code, count(*) AS letters
FROM (
    SELECT code
    FROM rejections
    WHERE {account} AND {code} AND decided_at >= $3 AND decided_at < $4
    ORDER BY decided_at DESC, space_id DESC, transaction_id DESC
    LIMIT $5
) newest
GROUP BY newest.code
ORDER BY 2 DESC, 1
