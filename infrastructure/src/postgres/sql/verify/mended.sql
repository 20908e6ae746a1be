-- What a repair has put right.
delete from verify_findings
where space_id = $1 and code = any($2::text[])
