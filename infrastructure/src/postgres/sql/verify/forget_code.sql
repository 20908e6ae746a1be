delete from verify_findings
where code = $1
