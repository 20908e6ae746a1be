-- Ended walks but for the newest.
delete from verify_runs
where ended_at is not null and run_id in (
    select run_id
    from verify_runs
    order by begun_at desc, run_id desc
    offset $1
)
