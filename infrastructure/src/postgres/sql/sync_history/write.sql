-- Syncs as a node knows them now: a sync grows until its device is quiet. An account that is gone has none.
INSERT INTO sync_history (account_id, sync_id, device_id, channel, started_at, ended_at, requests, transactions, commands,
    applied, merged, superseded, unchanged, rejected, deferred, changes, snapshot_rows, resets, busy_ms, errors)
SELECT n.account_id, n.sync_id, n.device_id, n.channel, n.started_at, n.ended_at, n.requests, n.transactions, n.commands,
    n.applied, n.merged, n.superseded, n.unchanged, n.rejected, n.deferred, n.changes, n.snapshot_rows, n.resets,
    n.busy_ms, n.errors
FROM jsonb_populate_recordset(NULL::sync_history, $1::text::jsonb) n
JOIN accounts a ON a.account_id = n.account_id
WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = n.account_id)
ORDER BY n.account_id
ON CONFLICT (account_id, sync_id) DO UPDATE
SET ended_at = excluded.ended_at, requests = excluded.requests, transactions = excluded.transactions,
    commands = excluded.commands, applied = excluded.applied, merged = excluded.merged,
    superseded = excluded.superseded, unchanged = excluded.unchanged, rejected = excluded.rejected,
    deferred = excluded.deferred, changes = excluded.changes, snapshot_rows = excluded.snapshot_rows,
    resets = excluded.resets, busy_ms = excluded.busy_ms, errors = excluded.errors
