-- Whether this is a refused transaction of the space; if it is, nobody needs to see it any more.
WITH seen AS (
    DELETE FROM rejections
    WHERE space_id = $1 AND transaction_id = $2
    RETURNING space_id
)
SELECT EXISTS (
    SELECT FROM receipts
    WHERE space_id = $1 AND transaction_id = $2 AND status = 'rejected'
) OR EXISTS (SELECT FROM seen) AS known
