INSERT INTO accounts ({columns})
SELECT {columns}
FROM jsonb_populate_record(NULL::accounts, $1::text::jsonb) a
WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = a.account_id)
