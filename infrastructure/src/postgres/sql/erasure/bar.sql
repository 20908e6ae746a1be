-- Whoever decided on this head finds that it has moved, and loads it again; then there is none (`ledger/heads.sql`).
-- A write that holds the head is waited for.
update heads set repairs = repairs + 1
where space_id = $1
