-- Erasures that are to be gone over again.
update erasures set finished_at = null
where account_id = any ($1)
