WITH head AS (
    UPDATE heads
    SET position = position + 2, hash = :rewarded_hash::bytea, checksum = :tasks_checksum::bigint,
        recorded_at = :completed_recorded_at::bigint
    WHERE space_id = :space_id::uuid
    RETURNING space_id, position
), new_events AS (
    INSERT INTO events (space_id, position, transaction_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, payload, metadata, fields, device_id, recorded_at, payload_hash, hash)
    SELECT space_id, position - 1, (:complete_ids::text || :n::text)::uuid, 'task', (:task_ids::text || :n::text)::uuid,
        2, 'task.completed', '1', :completed_payload::jsonb, :completed_metadata::jsonb, :completed_fields::jsonb,
        :completed_device_id::uuid, :completed_recorded_at::bigint, :completed_payload_hash::bytea,
        :completed_hash::bytea
    FROM head
    UNION ALL
    SELECT space_id, position, (:complete_ids::text || :n::text)::uuid, 'hero', space_id, position,
        'hero.rewarded', '1', :rewarded_payload::jsonb, :rewarded_metadata::jsonb, :rewarded_fields::jsonb,
        :rewarded_device_id::uuid, :rewarded_recorded_at::bigint, :rewarded_payload_hash::bytea,
        :rewarded_hash::bytea
    FROM head
), new_task AS (
    INSERT INTO tasks ({tasks.columns})
    SELECT {tasks.values} FROM head
    ON CONFLICT (space_id, id) DO UPDATE SET {tasks.assignments}
), new_hero AS (
    INSERT INTO heroes ({heroes.columns})
    SELECT {heroes.values} FROM head
    ON CONFLICT (space_id, id) DO UPDATE SET {heroes.assignments}
), new_day AS (
    INSERT INTO days ({days.columns})
    SELECT {days.values} FROM head
    ON CONFLICT (space_id, entity_id, entity, day) DO UPDATE SET {days.assignments}
), new_receipt AS (
    INSERT INTO receipts (space_id, transaction_id, device_id, digest, status, first_position, last_position, body,
        decided_at)
    SELECT space_id, (:complete_ids::text || :n::text)::uuid, :completed_device_id::uuid, :completed_digest::bytea,
        'committed', position - 1, position, :completed_body::jsonb, :completed_recorded_at::bigint
    FROM head
)
INSERT INTO space_devices (space_id, device_id, last_seq, last_ms, last_counter)
SELECT space_id, :completed_device_id::uuid, position, :completed_recorded_at::bigint, 0 FROM head
ON CONFLICT (space_id, device_id) DO UPDATE
SET last_seq = excluded.last_seq, last_ms = excluded.last_ms, last_counter = excluded.last_counter
