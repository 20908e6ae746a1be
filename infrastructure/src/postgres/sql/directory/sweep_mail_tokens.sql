-- Tokens of mails that nobody used in time.
delete from account_tokens
where expires_at <= $1
