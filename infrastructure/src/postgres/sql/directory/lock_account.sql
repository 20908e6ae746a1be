-- Makes those who change the devices of an account wait for each other. Not `for update`: who only refers to the account,
-- as a mail does, need not wait.
select account_id
from accounts
where account_id = $1
for no key update
