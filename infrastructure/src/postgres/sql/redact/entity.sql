-- A row of {table} as a document, with what says whether it is deleted.
SELECT to_jsonb(t) AS entity, t.version, t.deleted_at IS NULL AS is_live
FROM {table} t
WHERE t.space_id = $1 AND t.id = $2
{lock}
