COPY (SELECT t.* FROM {table} t WHERE t.space_id = '{space}' AND t.deleted_at IS NULL) TO STDOUT
