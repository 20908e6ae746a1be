-- Keys that ended so long ago that no copy of them is to be expected any more.
delete from signing_keys
where ends_at < $1
