-- What exports of this program wrote into {table}, of rows with these keys; the kinds are spelled in either way.
SELECT DISTINCT m.kind::text AS kind, m.legacy_id::text AS legacy_id, m.entity_id::text AS entity_id
FROM {table} m
WHERE m.kind::text = ANY ($1) AND m.legacy_id::text = ANY ($2)
