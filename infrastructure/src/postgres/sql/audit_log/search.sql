-- The next lines, the newest first: $1 events at most are looked at in this order, and of their lines the ones come that were asked
-- for. The last event that was looked at comes even without one, so that the reader can go on behind it.
SELECT space_id, position, line.field, recorded_at, at, transaction_id, entity, entity_id, version, event, actor_id, role, device_id,
    session_id, network, cause, line.before, line.after, line.written, line.field IS NOT NULL AS is_found, number
FROM (
    SELECT space_id, position, recorded_at, at, transaction_id, entity, entity_id, version, event, actor_id, role, device_id,
        session_id, network, cause, lines,
        row_number() OVER (ORDER BY recorded_at DESC, space_id DESC, position DESC) AS number
    FROM (
        SELECT space_id, position, recorded_at, at, transaction_id, entity, entity_id, version, event, actor_id, role, device_id,
            session_id, network, cause, lines
        FROM {source}
        WHERE {driven}
        ORDER BY recorded_at DESC, space_id DESC, position DESC
        LIMIT $1
    ) looked
) numbered
LEFT JOIN LATERAL (
    SELECT said.field COLLATE "C" AS field, said.before, said.after, said.written
    FROM jsonb_to_recordset(CASE WHEN {found} THEN lines ELSE '[]' END)
        AS said (field text, before jsonb, after jsonb, written jsonb)
    WHERE {said}
) line ON true
WHERE line.field IS NOT NULL OR number = $1
ORDER BY recorded_at DESC, space_id DESC, position DESC, line.field DESC
LIMIT $2
