locked AS MATERIALIZED (
    -- The one space is named outright, and nothing else is joined: so an engine that spreads spaces finds its shard.
    SELECT h.space_id
    FROM heads h
    WHERE h.space_id = ($1::uuid[])[1] AND h.position = ($2::bigint[])[1] AND h.repairs = ($3::bigint[])[1]
        AND h.space_id NOT IN (SELECT space_id FROM repeated)
    FOR UPDATE OF h SKIP LOCKED
)
