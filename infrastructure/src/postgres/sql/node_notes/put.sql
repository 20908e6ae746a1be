-- What a node tells of itself.
insert into node_notes (note_id, node_id, at, what, about)
values ($1, $2, $3, $4, $5)
