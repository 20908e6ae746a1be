//! The log is whole, and its fold is what the tables hold.

use application::verify::{Audit, Logged};
use domain::entity::EntityRef;
use domain::id::{EntityId, SpaceId};
use serde_json::Value;

use super::tables::{Tables, filled};

pub(crate) fn check(space: SpaceId, logged: Vec<Logged>, tables: &Tables) -> Result<(), String> {
    let mut audit = Audit::new(space);
    logged.into_iter().for_each(|event| audit.read(event));
    audit.end(&tables.head);
    if let Some(flaw) = audit.flaws.first() {
        return Err(format!("the log: {flaw}"));
    }
    let mut folded = 0;
    for (kind, rows) in audit.fold.take_rows().entities {
        for mut row in rows {
            folded += 1;
            row.remove("space_id");
            let id = row.get("id").and_then(|id| serde_json::from_value::<EntityId>(id.clone()).ok());
            let entity = EntityRef::new(kind, id.ok_or("a folded row has no id")?);
            let mut stored = tables.rows.get(&entity).cloned().unwrap_or_default();
            stored.remove("space_id");
            let row = filled(row);
            if row != stored {
                return Err(format!("{entity:?} is {stored:?}, folded {}", Value::Object(row)));
            }
        }
    }
    let counters = audit.fold.counters();
    let (said, counted) = (&tables.head, (counters.live_entities, counters.checksum, counters.legacy_next));
    if folded != tables.rows.len() || counted != (said.live_entities, said.checksum, said.legacy_next) {
        return Err(format!("the head counts {said:?}, the fold {counters:?} and {folded} rows"));
    }
    Ok(())
}
