INSERT INTO heads (space_id, epoch, hash)
SELECT ('01990000-0000-7000-8000-' || lpad(space::text, 12, '0'))::uuid, system.epoch, decode(repeat('00', 32), 'hex')
FROM (SELECT DISTINCT unnest($1::bigint[]) AS space) AS wanted, system
ON CONFLICT (space_id) DO NOTHING
