-- Mails that are not sent yet.
select count(mail_id) as waiting
from mails
