SELECT r.transaction_id FROM receipts r WHERE r.space_id = $1 AND r.transaction_id = $2 AND r.status = 'rejected'
