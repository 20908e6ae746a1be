-- From the first space again, with other folds.
UPDATE rebuilds
SET fold_versions = $2, planned_upto = NULL, planned = false, spaces = 0, events = 0, rows = 0, differences = 0,
    spaces_differing = 0, spaces_damaged = 0, spaces_failed = 0
WHERE rebuild_id = $1
