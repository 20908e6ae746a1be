-- Receipts of a space after a transaction's id, of what had been decided when the head stood at a position, and not yet when
-- it stood at another.
SELECT r.transaction_id, (to_jsonb(r) - 'space_id')::text AS row
FROM receipts r
WHERE r.space_id = $1 AND r.transaction_id > $2
    AND (
        r.first_position <= $3 AND r.first_position > $6
        OR r.first_position IS NULL AND r.decided_at <= $4 AND r.decided_at >= $7
    )
ORDER BY r.transaction_id
LIMIT $5
