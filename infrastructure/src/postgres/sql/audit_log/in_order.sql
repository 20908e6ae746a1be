-- A search takes its rows in the order of an index and stops when it has enough, whatever the statistics say of how many there are:
-- nothing that drives it is collected and sorted as a whole.
SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true)
