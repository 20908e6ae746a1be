-- Nothing is kept of a space that is being erased.
insert into verify_findings (space_id, number, run_id, code, about, sentence, found_at)
select $1, number, $2, code, about::jsonb, sentence, $3
from unnest($4::bigint[], $5::text[], $6::text[], $7::text[]) as found (number, code, about, sentence)
where not exists (select from erasures e where e.account_id = $1)
