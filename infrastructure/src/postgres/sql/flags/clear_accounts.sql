-- The accounts that a flag names no more.
delete from flag_accounts
where name = $1
