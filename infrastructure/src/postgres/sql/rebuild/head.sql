SELECT space_id, epoch, position, hash, legacy_next, live_entities, checksum, recorded_at, repairs
FROM heads
WHERE space_id = $1
