-- Nothing is left.
update erasures set finished_at = $2
where account_id = $1
