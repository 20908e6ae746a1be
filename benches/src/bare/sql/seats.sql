INSERT INTO bench_seats (client, space)
SELECT client - 1, space
FROM unnest($1::bigint[]) WITH ORDINALITY AS seat (space, client)
