-- Rows of events of any number of spaces, by columns.
INSERT INTO audit_log (space_id, recorded_at, position, at, transaction_id, entity_id, version, device_id, session_id, actor_id,
    cause, entity, event, role, network, lines)
SELECT space_id, recorded_at, position, at, transaction_id, entity_id, version, device_id, session_id, actor_id, cause, entity,
    event, role, network, lines::jsonb
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::uuid[], $7::bigint[], $8::uuid[], $9::uuid[],
    $10::uuid[], $11::bigint[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[])
    AS e (space_id, recorded_at, position, at, transaction_id, entity_id, version, device_id, session_id, actor_id, cause,
    entity, event, role, network, lines)
