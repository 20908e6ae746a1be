SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM receipts) AS receipts
