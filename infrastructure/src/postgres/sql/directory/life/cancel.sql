-- Whose erasure has begun has no date any more, and is not called back by this.
update accounts set deletion_requested_at = null, erase_after = null
where account_id = $1 and erase_after is not null
