select code, count(*) as findings
from verify_findings
group by code
order by code
