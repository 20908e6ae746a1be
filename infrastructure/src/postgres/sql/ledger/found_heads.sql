-- A space that is touched for the first time gets its head. Two at once are one: the key decides. One that was erased stays
-- without.
INSERT INTO heads (space_id, epoch, hash)
SELECT wanted.space_id, system.epoch, decode(repeat('00', 32), 'hex')
FROM unnest($1::uuid[]) AS wanted (space_id), system
WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = wanted.space_id)
ON CONFLICT (space_id) DO NOTHING
