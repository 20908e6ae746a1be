DELETE FROM bench_seats
