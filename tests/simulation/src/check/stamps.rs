//! Stamps of a device only grow and are never of the future, and nothing that was deleted came back by itself.

use std::collections::{BTreeMap, BTreeSet};

use application::verify::Logged;
use domain::id::{DeviceId, TransactionId};
use serde_json::Value;

use crate::world::Made;

pub(crate) fn check(logged: &[Logged], made: &BTreeMap<TransactionId, Made>) -> Result<(), String> {
    let mut last: BTreeMap<DeviceId, (i64, i64)> = BTreeMap::new();
    let mut restored = BTreeSet::new();
    for event in logged {
        let cause = event.metadata.get("cause").and_then(Value::as_str).and_then(|cause| cause.parse::<i64>().ok());
        if event.event_type.ends_with(".restored") {
            let meant = match cause {
                Some(cause) => restored.contains(&cause),
                None => made.get(&event.transaction).is_some_and(|made| asks_for(made, event)),
            };
            if !meant {
                return Err(format!("{} came back by itself at {}", event.aggregate_id, event.position));
            }
            restored.insert(event.position);
        }
        if cause.is_some() || event.device == DeviceId::SERVER {
            continue;
        }
        let number = |pointer: &str| event.payload.pointer(pointer).and_then(Value::as_i64).unwrap_or_default();
        let stamp = (number("/mark/stamp/0"), number("/mark/stamp/1"));
        if stamp.0 > event.recorded_at {
            return Err(format!("at {} a stamp is later than the server's clock was", event.position));
        }
        if let Some(before) = last.insert(event.device, stamp).filter(|before| *before >= stamp) {
            return Err(format!("at {} a device's stamp {before:?} was followed by {stamp:?}", event.position));
        }
    }
    Ok(())
}

/// Whether a person asked for it.
fn asks_for(made: &Made, event: &Logged) -> bool {
    let id = event.aggregate_id.to_string();
    made.commands.iter().any(|command| {
        let text = |field: &str| command.get(field).and_then(Value::as_str).unwrap_or_default();
        text("type") == "conflict.resolve" || (text("type").ends_with(".restore") && text("id") == id)
    })
}
