-- What nodes told long ago.
delete from node_notes
where note_id < $1
