WITH head AS (
    UPDATE heads
    SET position = position + 1, hash = :created_hash::bytea, legacy_next = legacy_next + 1,
        live_entities = live_entities + 1, checksum = :tasks_checksum::bigint, recorded_at = :created_recorded_at::bigint
    WHERE space_id = :space_id::uuid
    RETURNING space_id, position
), new_event AS (
    INSERT INTO events (space_id, position, transaction_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, payload, metadata, fields, device_id, recorded_at, payload_hash, hash)
    SELECT space_id, position, (:create_ids::text || :n::text)::uuid, 'task', (:task_ids::text || :n::text)::uuid, 1,
        'task.created', '1', :created_payload::jsonb, :created_metadata::jsonb, :created_fields::jsonb,
        :created_device_id::uuid, :created_recorded_at::bigint, :created_payload_hash::bytea, :created_hash::bytea
    FROM head
), new_task AS (
    INSERT INTO tasks ({tasks.columns})
    SELECT {tasks.values} FROM head
    ON CONFLICT (space_id, id) DO UPDATE SET {tasks.assignments}
), new_receipt AS (
    INSERT INTO receipts (space_id, transaction_id, device_id, digest, status, first_position, last_position, body,
        decided_at)
    SELECT space_id, (:create_ids::text || :n::text)::uuid, :created_device_id::uuid, :created_digest::bytea,
        'committed', position, position, :created_body::jsonb, :created_recorded_at::bigint
    FROM head
)
INSERT INTO space_devices (space_id, device_id, last_seq, last_ms, last_counter)
SELECT space_id, :created_device_id::uuid, position, :created_recorded_at::bigint, 0 FROM head
ON CONFLICT (space_id, device_id) DO UPDATE
SET last_seq = excluded.last_seq, last_ms = excluded.last_ms, last_counter = excluded.last_counter
