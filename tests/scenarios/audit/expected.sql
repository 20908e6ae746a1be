SELECT e.space_id, e.position, line.field COLLATE "C" AS field, e.recorded_at,
    CASE WHEN (e.payload #>> '{mark,stamp,0}')::bigint = 0 THEN e.recorded_at ELSE (e.payload #>> '{mark,stamp,0}')::bigint END AS at,
    e.transaction_id, e.aggregate_type AS entity, e.aggregate_id AS entity_id, e.sequence AS version, e.event_type AS event,
    (e.metadata ->> 'account')::uuid AS actor_id, coalesce(e.metadata ->> 'role', 'owner') AS role, e.device_id,
    (e.metadata ->> 'session')::uuid AS session_id, e.metadata ->> 'network' AS network,
    (e.metadata ->> 'cause')::bigint AS cause, nullif(line.before, 'null') AS before, nullif(line.after, 'null') AS after,
    nullif(line.written, 'null') AS written
FROM events e
CROSS JOIN LATERAL jsonb_each(e.payload -> 'change') AS said (name, body)
CROSS JOIN LATERAL (
    SELECT fields.key AS field, NULL::jsonb AS before, fields.value AS after, NULL::jsonb AS written
    FROM jsonb_each(CASE said.name WHEN 'created' THEN said.body -> 'fields' ELSE '{}' END) fields
    WHERE fields.key <> 'rank' AND fields.value NOT IN ('null', '""', '[]', '{}')
    UNION ALL
    SELECT changes.key, changes.value -> 'before', changes.value -> 'after', changes.value -> 'written'
    FROM jsonb_each(CASE said.name WHEN 'edited' THEN said.body -> 'changes' ELSE '{}' END) changes
    UNION ALL
    SELECT said.body ->> 'field', said.body -> 'before', said.body -> 'after', NULL
    WHERE said.name IN ('linked', 'unlinked')
    UNION ALL
    SELECT '', NULL, said.body, NULL
    WHERE said.name NOT IN ('created', 'edited', 'linked', 'unlinked')
) line
