-- Events of a space behind $2 and up to $3. Its id travels as text: the second reader's driver knows no other form of it.
insert into {table} (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
select aggregate_type, aggregate_id::text, sequence, event_type, event_version, payload::json, metadata::json
from events
where space_id = $1::text::uuid and position > $2 and position <= $3
