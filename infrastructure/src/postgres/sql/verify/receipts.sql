-- Receipts after a transaction's id, with how many events of that transaction their span holds.
SELECT r.transaction_id, r.status, r.first_position, r.last_position, r.body ->> 'status' AS body_status,
    r.body ->> 'transaction_id' AS body_transaction, r.body #>> '{positions,first}' AS body_first,
    r.body #>> '{positions,last}' AS body_last, r.body IS NOT NULL AS has_body,
    (
        SELECT count(*)
        FROM events e
        WHERE e.space_id = r.space_id AND e.position BETWEEN r.first_position AND r.last_position
            AND e.transaction_id = r.transaction_id
    ) AS events
FROM receipts r
WHERE r.space_id = $1 AND ($2::uuid IS NULL OR r.transaction_id > $2)
ORDER BY r.transaction_id
LIMIT $3
