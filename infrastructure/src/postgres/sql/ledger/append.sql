-- The group append: one statement, one commit, many spaces. A space whose head has moved, whose projections were
-- repaired, that holds one of the transactions or entities already, or whose head is locked by another writer, is not
-- in `locked`: nothing of it is written, and no other space waits for it.
--
-- The look-ups of `repeated` are lateral with a limit, so that each is one descent of an index: joined freely, the planner
-- of a young table reads every first event of the log instead.
WITH repeated AS MATERIALIZED (
    SELECT sent.space_id
    FROM unnest($4::uuid[], $5::uuid[]) AS sent (space_id, transaction_id)
    CROSS JOIN LATERAL (
        SELECT r.space_id
        FROM receipts r
        WHERE r.space_id = sent.space_id AND r.transaction_id = sent.transaction_id{one:r}
        LIMIT 1
    ) known
    UNION ALL
    SELECT created.space_id
    FROM unnest($6::uuid[], $7::text[], $8::uuid[]) AS created (space_id, aggregate_type, aggregate_id)
    CROSS JOIN LATERAL (
        SELECT e.space_id
        FROM events e
        WHERE e.space_id = created.space_id AND e.aggregate_type = created.aggregate_type
            AND e.aggregate_id = created.aggregate_id AND e.sequence = 1{one:e}
        LIMIT 1
    ) known
), {locked}, new_heads AS (
    UPDATE heads h
    SET position = n.position, hash = n.hash, legacy_next = n.legacy_next, live_entities = n.live_entities,
        checksum = n.checksum, recorded_at = n.recorded_at
    FROM unnest($1::uuid[], $9::bigint[], $10::bytea[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
        AS n (space_id, position, hash, legacy_next, live_entities, checksum, recorded_at)
    WHERE h.space_id = n.space_id AND h.space_id IN (SELECT space_id FROM locked){one:h}
), new_events AS (
    INSERT INTO events (space_id, position, transaction_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, payload, metadata, fields, device_id, recorded_at, payload_hash, hash)
    SELECT space_id, position, transaction_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, payload::jsonb, metadata::jsonb, fields::jsonb, device_id, recorded_at, payload_hash, hash
    FROM unnest($15::uuid[], $16::bigint[], $17::uuid[], $18::text[], $19::uuid[], $20::bigint[], $21::text[],
        $22::text[], $23::text[], $24::text[], $25::text[], $26::uuid[], $27::bigint[], $28::bytea[], $29::bytea[])
        AS e (space_id, position, transaction_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, payload, metadata, fields, device_id, recorded_at, payload_hash, hash)
    WHERE space_id IN (SELECT space_id FROM locked)
), new_receipts AS (
    INSERT INTO receipts (space_id, transaction_id, device_id, digest, status, first_position, last_position, body,
        decided_at)
    SELECT space_id, transaction_id, device_id, digest, status, first_position, last_position, body::jsonb, decided_at
    FROM unnest($4::uuid[], $5::uuid[], $30::uuid[], $31::bytea[], $32::text[], $33::bigint[], $34::bigint[],
        $35::text[], $36::bigint[])
        AS r (space_id, transaction_id, device_id, digest, status, first_position, last_position, body, decided_at)
    WHERE space_id IN (SELECT space_id FROM locked)
), new_devices AS (
    INSERT INTO space_devices AS d (space_id, device_id, last_seq, last_ms, last_counter)
    SELECT space_id, device_id, last_seq, last_ms, last_counter
    FROM unnest($37::uuid[], $38::uuid[], $39::bigint[], $40::bigint[], $41::bigint[])
        AS v (space_id, device_id, last_seq, last_ms, last_counter)
    WHERE space_id IN (SELECT space_id FROM locked)
    ON CONFLICT (space_id, device_id) DO UPDATE
    SET last_seq = excluded.last_seq, last_ms = excluded.last_ms, last_counter = excluded.last_counter
), known_behind AS MATERIALIZED (
    -- Which asynchronous projections are told already that this space has gone on. The row is locked, not written: whoever
    -- takes it away leaves locked ones where they are, and one that is just being taken away counts as gone. So no append
    -- waits, and none is forgotten.
    SELECT known.space_id, known.projection
    FROM locked
    CROSS JOIN unnest(ARRAY['audit_log']) AS told (projection)
    CROSS JOIN LATERAL (
        SELECT b.space_id, b.projection
        FROM behind b
        WHERE b.space_id = locked.space_id AND b.projection = told.projection{one:b}
        LIMIT 1
        FOR KEY SHARE SKIP LOCKED
    ) known
), new_behind AS (
    INSERT INTO behind (space_id, projection, position)
    SELECT moved.space_id, told.projection, moved.position
    FROM unnest($1::uuid[], $2::bigint[], $9::bigint[]) AS moved (space_id, before, position)
    CROSS JOIN unnest(ARRAY['audit_log']) AS told (projection)
    WHERE moved.space_id IN (SELECT space_id FROM locked) AND moved.position > moved.before
        AND (moved.space_id, told.projection) NOT IN (SELECT space_id, projection FROM known_behind)
    ON CONFLICT (space_id, projection, position) DO NOTHING
){projections}
SELECT space_id FROM locked
