//! No view is dropped in silence: where several values are kept of a live thing, a conflict is open and names them all,
//! and no conflict is open about anything else.

use std::collections::{BTreeMap, BTreeSet};

use domain::entity::Kind;
use serde_json::Value;

use super::tables::Tables;

/// Entity and field.
type Place = (String, String);

pub(crate) fn check(tables: &Tables) -> Result<(), String> {
    let mut kept: BTreeMap<Place, BTreeSet<String>> = BTreeMap::new();
    let mut open: BTreeMap<Place, BTreeSet<String>> = BTreeMap::new();
    for (entity, row) in tables.rows.iter().filter(|(entity, _)| tables.is_live(**entity)) {
        if entity.kind == Kind::Conflict {
            let text = |field: &str| row.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
            let others = row.get("others").and_then(Value::as_array).into_iter().flatten();
            let sides = others.chain(row.get("current")).map(value).collect();
            open.insert((text("entity_id"), text("field")), sides);
            continue;
        }
        let candidates = row.get("stamps").and_then(|stamps| stamps.get("candidates")).and_then(Value::as_object);
        for (field, all) in candidates.into_iter().flatten() {
            let values: BTreeSet<String> = all.as_array().into_iter().flatten().map(value).collect();
            if values.len() > 1 {
                kept.insert((entity.id.to_string(), field.clone()), values);
            }
        }
    }
    // Between a deletion and an edit there are no values to keep.
    open.retain(|(_, field), _| field != "deleted_at");
    if kept == open { Ok(()) } else { Err(format!("kept are {kept:?}, conflicts are open about {open:?}")) }
}

fn value(side: &Value) -> String {
    side.get("value").unwrap_or(&Value::Null).to_string()
}
