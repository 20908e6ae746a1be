-- What is known to be wrong, behind a finding, of one space or of all.
select space_id, number, run_id, code, about, sentence, found_at
from verify_findings
where (space_id, number) > ($1::uuid, $2::bigint) and ($3::uuid is null or space_id = $3)
    and ($4::text is null or code = $4)
order by space_id, number
limit $5
