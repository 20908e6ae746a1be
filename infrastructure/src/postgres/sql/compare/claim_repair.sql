-- Counts a repair at $3, unless $5 of them were after $4. Moments of a clock that has since gone back do not count. Nothing is
-- kept of a space that is being erased.
INSERT INTO checksum_repairs AS r (space_id, device_id, moments)
SELECT $1, $2, ARRAY[$3::bigint]
WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = $1)
ON CONFLICT (space_id, device_id) DO UPDATE
SET moments = ARRAY(SELECT moment FROM unnest(r.moments) AS moment WHERE moment > $4 AND moment <= $3 ORDER BY moment)
    || excluded.moments
WHERE (SELECT count(*) FROM unnest(r.moments) AS moment WHERE moment > $4 AND moment <= $3) < $5
RETURNING cardinality(r.moments) AS counted
