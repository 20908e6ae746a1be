-- Refused transactions of a space with what was sent, the newest first, behind the last of the page before ($2, $3): $4 at most,
-- and no more than have $5 bytes together, but one in any case. `considered`: how many there were without a bound on bytes.
SELECT transaction_id, device_id, decided_at, code, octet_length(sent) AS bytes, problem, sent, considered
FROM (
    SELECT transaction_id, device_id, decided_at, code, problem, sent, count(*) OVER () AS considered,
        row_number() OVER newest AS number, sum(octet_length(sent) + octet_length(problem)) OVER newest AS bytes_so_far
    FROM (
        SELECT transaction_id, device_id, decided_at, code, problem, sent
        FROM rejections
        WHERE space_id = $1 AND (decided_at, transaction_id) < ($2, $3::uuid)
            AND ($6::text IS NULL OR code = $6) AND decided_at >= $7 AND decided_at < $8
        ORDER BY decided_at DESC, transaction_id DESC
        LIMIT $4
    ) listed
    WINDOW newest AS (ORDER BY decided_at DESC, transaction_id DESC ROWS UNBOUNDED PRECEDING)
) measured
WHERE bytes_so_far <= $5 OR number = 1
ORDER BY decided_at DESC, transaction_id DESC
