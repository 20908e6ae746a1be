unnest({spaces}::uuid[]) AS holder (holder_id)
        CROSS JOIN LATERAL (
            SELECT space_id, position, recorded_at, at, transaction_id, entity, entity_id, version, event, actor_id, role, device_id,
                session_id, network, cause, lines
            FROM audit_log
            WHERE space_id = holder_id AND {driven}
            ORDER BY recorded_at DESC, space_id DESC, position DESC
            LIMIT $1
        ) of_holder
