-- The next rows, the newest first: $1 at most are looked at in this order, and of these the ones come that
-- were asked for. The last one that was looked at comes too, so that the reader can go on behind it.
SELECT space_id, position, field, recorded_at, at, transaction_id, entity, entity_id, version, event, actor_id, role,
    device_id, session_id, network, cause, before, after, written, is_found, number
FROM (
    SELECT space_id, position, field, recorded_at, at, transaction_id, entity, entity_id, version, event, actor_id, role,
        device_id, session_id, network, cause, before, after, written, ({found}) AS is_found, row_number() OVER () AS number
    FROM (
        SELECT space_id, position, field, recorded_at, at, transaction_id, entity, entity_id, version, event, actor_id,
            role, device_id, session_id, network, cause, before, after, written
        FROM audit_log
        WHERE {driven}
        ORDER BY recorded_at DESC, space_id DESC, position DESC, field DESC
        LIMIT $1
    ) looked
) numbered
WHERE is_found OR number = $1
LIMIT $2
