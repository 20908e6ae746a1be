INSERT INTO heads (space_id, epoch, hash)
SELECT ('01990000-0000-7000-8000-' || lpad(client::text, 12, '0'))::uuid, system.epoch, decode(repeat('00', 32), 'hex')
FROM generate_series(0, $1::int - 1) AS client, system
