-- Takes up the next spaces, in the order of their ids.
WITH held AS MATERIALIZED (
    SELECT rebuild_id, space_id, coalesce(planned_upto, '00000000-0000-0000-0000-000000000000'::uuid) AS planned_upto
    FROM rebuilds
    WHERE rebuild_id = $1 AND NOT planned
    FOR UPDATE
), page AS MATERIALIZED (
    SELECT h.space_id
    FROM held
    JOIN heads h ON h.space_id > held.planned_upto AND h.space_id = coalesce(held.space_id, h.space_id)
    ORDER BY h.space_id
    LIMIT $2
), added AS (
    INSERT INTO rebuild_spaces (rebuild_id, space_id)
    SELECT $1, page.space_id
    FROM page
    WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = page.space_id)
)
UPDATE rebuilds r
SET planned_upto = coalesce((SELECT page.space_id FROM page ORDER BY page.space_id DESC LIMIT 1), r.planned_upto),
    planned = (SELECT count(*) < $2 FROM page)
WHERE r.rebuild_id = $1 AND EXISTS (SELECT FROM held)
