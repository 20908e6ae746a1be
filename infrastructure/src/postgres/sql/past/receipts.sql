SELECT transaction_id, device_id, digest, status, first_position, last_position, body, decided_at
FROM receipts
WHERE space_id = $1 AND transaction_id = ANY ($2::uuid[])
