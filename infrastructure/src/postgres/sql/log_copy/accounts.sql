-- Accounts of a stretch of ids with their devices. Sessions and tokens are not carried over: everybody signs in again.
SELECT a.account_id, (to_jsonb(a) || jsonb_build_object('devices', coalesce((
        SELECT jsonb_agg(to_jsonb(d) - 'account_id' ORDER BY d.device_id)
        FROM devices d
        WHERE d.account_id = a.account_id
    ), '[]')))::text AS row
FROM accounts a
WHERE a.account_id > $1 AND a.account_id <= $2
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = a.account_id)
ORDER BY a.account_id
LIMIT $3
