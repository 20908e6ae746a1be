INSERT INTO audit_log (space_id, position, field, recorded_at, at, transaction_id, entity, entity_id, version, event,
    actor_id, role, device_id, session_id, network, cause, before, after, written)
SELECT space_id, position, field, recorded_at, at, transaction_id, entity, entity_id, version, event, actor_id, role,
    device_id, session_id, network, cause, before, after, written
FROM jsonb_populate_recordset(NULL::audit_log, $1::text::jsonb)
