SELECT r.space_id, r.transaction_id, r.digest, r.status, r.first_position, r.last_position, r.body
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (space_id, transaction_id)
JOIN receipts r ON r.space_id = wanted.space_id AND r.transaction_id = wanted.transaction_id{one:r}
