locked AS MATERIALIZED (
    SELECT h.space_id
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS expected (space_id, position, repairs)
    JOIN heads h ON h.space_id = expected.space_id
    WHERE h.position = expected.position AND h.repairs = expected.repairs
        AND h.space_id NOT IN (SELECT space_id FROM repeated)
    ORDER BY h.space_id
    FOR UPDATE OF h SKIP LOCKED
)
