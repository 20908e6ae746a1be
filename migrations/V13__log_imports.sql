-- Spaces whose log is being imported. Their rows lie in their tables already; what nobody sees before it is whole is their
-- head, which is written in the transaction that takes this row away.

create table log_imports (
    space_id uuid   primary key,
    -- SHA-256 of the lines of the file that they come from, in hexadecimal digits.
    source   text   not null,
    -- Rows of this space that were taken from the file, in its order.
    rows     bigint not null default 0 check (rows >= 0)
) with (fillfactor = 50);
