-- Takes a rebuild that is to go on and whose session has ended. What a role may not see of another's session is NULL: then it
-- counts as alive. The sessions are counted and not searched by NOT EXISTS: that is planned as a join, which is not done again
-- for the row as it is after waiting for it, and two would hold it.
UPDATE rebuilds held
SET holder_pid = $2, holder_start = $3::text::timestamptz, changed_at = $4
WHERE held.rebuild_id = $1 AND held.state IN ('running', 'cancelling')
    AND (
        SELECT count(*)
        FROM pg_stat_activity alive
        WHERE alive.pid = held.holder_pid AND alive.pid <> $2
            AND coalesce(alive.backend_start = held.holder_start, true)
    ) = 0
RETURNING held.rebuild_id
