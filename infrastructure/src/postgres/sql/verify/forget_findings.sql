-- What was found before: it is found again, or it is no more.
delete from verify_findings
where space_id = $1
