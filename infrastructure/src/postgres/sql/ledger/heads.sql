-- The heads of spaces. One that is being erased, or was, counts as not there: nothing is decided on it any more.
SELECT space_id, epoch, position, hash, legacy_next, live_entities, checksum, recorded_at, repairs
FROM heads h
WHERE space_id = ANY ($1)
    AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = h.space_id)
