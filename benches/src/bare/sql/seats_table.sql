CREATE TABLE bench_seats (client bigint PRIMARY KEY, space bigint NOT NULL)
