-- The newest syncs of an account; `$2` of this device, `$3` older than this one.
SELECT sync_id, device_id, channel, started_at, ended_at, requests, transactions, commands, applied, merged, superseded,
    unchanged, rejected, deferred, changes, snapshot_rows, resets, busy_ms, errors
FROM sync_history
WHERE account_id = $1 AND ($2::uuid IS NULL OR device_id = $2) AND ($3::uuid IS NULL OR sync_id < $3)
ORDER BY sync_id DESC
LIMIT $4
