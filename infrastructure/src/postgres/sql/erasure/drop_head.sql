-- The last row of a space.
delete from heads
where space_id = $1
