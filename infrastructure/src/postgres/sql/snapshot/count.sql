(SELECT count(*) FROM {table} WHERE space_id = $1 AND deleted_at IS NULL)
